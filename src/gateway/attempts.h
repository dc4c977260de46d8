// Attempts: what a failure at one place means for the next. A request is tried again, or goes elsewhere, only while the
// client has not seen a byte of an answer; and every attempt is in its decision record, with its reason.
//
// Waiting is ours to cut short, an upstream's time never: a limit that lasts longer than we want to wait sends the
// request elsewhere, or its error to the client as it came, and closes that place until the told time
// (upstream/breaker.h).
#pragma once

#include <cstdint>

#include "base/result.h"
#include "core/decision.h"
#include "gateway/door.h"
#include "gateway/judgement.h"
#include "wire/failure.h"

namespace basin::gateway {

// The longest wait before the same place is asked again: people notice it, clients do not give up over it.
inline constexpr std::int64_t kLongestPauseMs = 2'000;
// The wait before a place that failed for no told reason is asked again.
inline constexpr std::int64_t kPauseMs = 250;
// How often a model that is being loaded is asked whether it is there.
inline constexpr std::int64_t kLoadingPauseMs = 500;

struct Step {
  enum class Next : std::uint8_t { again, elsewhere, give_up };
  Next next = Next::give_up;
  std::int64_t pause_ms = 0;  // before `again`
};

// What was tried so far at one place.
struct Tried {
  unsigned times = 1;            // this one included
  std::int64_t waited_ms = 0;    // for the model to be loaded
  std::int64_t patience_ms = 0;  // for that
  bool others = false;           // there is another place
  bool clients_key = false;      // the credential was the client's own
};
// Pure.
Step step_after(const wire::Failure& failure, const Tried& tried);

// Settles on the first place, from judgement.at on, that is open and can take the request, and writes it into the
// decision; what is passed over is noted there, too. A place that is closed is passed over only for one that is open.
// Errors: unsupported, naming the field that none of them takes (that of the first).
base::Status take_place(Judgement& judgement, Door& door);

// Whether the breaker lets a request through to one of the places behind the one that is tried now.
bool another_is_open(const Judgement& judgement, Door& door);

// Writes a failure into the decision; the place stays the same.
void note(Judgement& judgement, core::Attempt failed);

// Leaves the place that failed for the next. False: there is none; the failure is written down, and all else is as
// before.
bool move_on(Judgement& judgement, Door& door, core::Attempt failed);

}  // namespace basin::gateway
