// What `basin` tells the shell (INTERFACE.md, "Exit codes"). A command returns one of these and nothing else.
#pragma once

#include "base/result.h"

namespace basin::cli {

enum class Exit : int {
  ok = 0,             // or a verdict "pass"
  negative = 1,       // a negative answer: invalid configuration, failed verdict, evaluation below --require
  usage = 2,          // wrong arguments, input that cannot be read, output that cannot be written
  unsure = 3,         // unsure, or not enough data
  no_model = 4,       // no model or server reachable
  configuration = 5,  // the configuration or the port
  interrupted = 130,
};

// The one map from an error's code to an exit code.
constexpr Exit exit_of(base::Code code) {
  switch (code) {
    case base::Code::unreachable:
    case base::Code::timeout:
    case base::Code::busy:
    case base::Code::closed_early:
    case base::Code::bad_upstream: return Exit::no_model;
    case base::Code::configuration:
    case base::Code::conflict: return Exit::configuration;
    case base::Code::cancelled: return Exit::interrupted;
    case base::Code::internal:
    case base::Code::unauthorized:
    case base::Code::forbidden: return Exit::negative;
    case base::Code::invalid:
    case base::Code::too_large:
    case base::Code::unsupported:
    case base::Code::not_found: return Exit::usage;
  }
  return Exit::negative;
}

}  // namespace basin::cli
