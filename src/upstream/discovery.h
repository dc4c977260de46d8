// Who is there on this machine: model servers at their usual loopback ports, and what the servers that are configured
// on loopback have. Discovery sends no prompt, and no key but a configured server's own: it asks for models
// (inspection.h), and posts an empty object to learn which dialects have a door at all (doors.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "upstream/awaited.h"
#include "upstream/options.h"
#include "upstream/probe.h"

namespace basin::upstream {

// What was found, what people should know of it, and who may come later.
struct Discovery {
  std::vector<UpstreamOptions> found;
  std::vector<std::string> remarks;  // one sentence each: a server that is there, and why it is not used
  Awaited awaited;
};

// What is there and not configured: servers that listen, belong to somebody we trust and speak a dialect; and those
// that a tier names although they are not running now, so that they can be started later. A server that the options
// configure themselves is left alone. Blocks for as long as the prober takes.
Discovery discover(const Options& options, const Prober& prober);

// Fills in what the configured servers on loopback say of themselves: their models, and `dialects` where the file
// leaves them out. With discovery switched off only the latter are asked. One that does not answer now counts as
// speaking openai_chat, which everything does, until it is asked again; a remark says so. Remarks and who may come
// later are added to `discovery`. Blocks as above.
//
// Errors: configuration, where a server answers and its dialects cannot be told.
base::Status ask_configured(Options& options, const Prober& prober, Discovery& discovery);

}  // namespace basin::upstream
