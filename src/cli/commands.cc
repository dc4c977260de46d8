#include "cli/commands.h"

#include <algorithm>

namespace basin::cli {

// Each is defined in the file of its name.
extern const CommandInfo kCalibrate;
extern const CommandInfo kClaude;
extern const CommandInfo kCompletions;
extern const CommandInfo kEnv;
extern const CommandInfo kEval;
extern const CommandInfo kExplain;
extern const CommandInfo kInit;
extern const CommandInfo kManual;
extern const CommandInfo kModels;
extern const CommandInfo kReference;
extern const CommandInfo kReload;
extern const CommandInfo kScore;
extern const CommandInfo kServe;
extern const CommandInfo kService;
extern const CommandInfo kStatus;
extern const CommandInfo kTrain;
extern const CommandInfo kValidate;
extern const CommandInfo kVersion;

namespace {

constexpr const CommandInfo* kCommands[] = {
    &kServe,  &kClaude, &kExplain, &kScore,   &kEval, &kCalibrate,   &kTrain,   &kInit,      &kValidate,
    &kStatus, &kReload, &kModels,  &kService, &kEnv,  &kCompletions, &kVersion, &kReference, &kManual,
};

}  // namespace

std::span<const CommandInfo* const> commands() { return kCommands; }

const CommandInfo* find_command(std::string_view name) {
  const auto found = std::find_if(std::begin(kCommands), std::end(kCommands),
                                  [name](const CommandInfo* command) { return command->name == name; });
  return found == std::end(kCommands) ? nullptr : *found;
}

}  // namespace basin::cli
