// What Basin says about itself: /basin/*, /metrics, the page at /, and the probes that clients warm up with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/door.h"
#include "gateway/snapshot.h"
#include "net/head.h"

namespace basin::gateway {

struct Page {
  int status = 200;
  std::string_view type = "application/json";  // static
  std::string body;
  std::string unread;  // as Judgement::unread: have it read, and ask for the page again
};

// Any path that is no model's. A path nobody knows is 404, a method it does not have 405, in a body that says what
// there is. Never waits, but for the reading of the configuration on POST /basin/reload.
Page admin(Door& door, const Snapshot& snapshot, const net::RequestHead& head, std::string_view body,
           std::int64_t unix_ms);

// What went wrong before a page of Basin's own was reached (Host, token, size), in the form of its pages.
Page refusal(const base::Error& error);

}  // namespace basin::gateway
