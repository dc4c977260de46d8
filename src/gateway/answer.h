// Answers that Basin gives by itself: JSON, text, and errors in the client's dialect.
#pragma once

#include <string_view>

#include "base/result.h"
#include "core/decision.h"
#include "core/dialect.h"
#include "net/connection.h"
#include "net/task.h"

namespace basin::gateway {

struct Answer {
  int status = 200;
  std::string_view type = "application/json";
  std::string_view body;
};

// The views must stay until the task ends.
net::Task<void> send_answer(net::ServerConnection& client, Answer answer);

// An error of Basin's own, in the client's dialect. `decision`, when there is one, names itself in the head.
net::Task<void> send_error(net::ServerConnection& client, core::Dialect dialect, base::Error error,
                           const core::Decision* decision = nullptr);

// x-basin-decision-id, -tier, -model, -action, and -advice where there is some.
void add_decision_fields(net::HeadWriter& head, const core::Decision& decision, std::string_view advice);

}  // namespace basin::gateway
