// Who serves models on this machine: what discovery finds, and the model server that a Basin runs itself.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "config/environment.h"
#include "upstream/discovery.h"
#include "upstream/options.h"

namespace basin::cli {

// The server at `url`, as one that was discovered, still to be asked what it has.
upstream::UpstreamOptions own_server_at(std::string url);

// The model server of the Basin that runs, if it has one; found by serve.json, as find_running finds. Nothing where the
// file names another machine, or where somebody we do not trust has the port by now.
std::optional<upstream::UpstreamOptions> own_server_of_running(const config::Environment& environment);

// Discovery, and all that the configured servers say of themselves, in `options`. `own` is found too: the last of
// `found`, named so that it is nobody else's name. Blocks while loopback ports are asked, at most a few seconds.
// Errors: configuration, where both its names are taken; those of upstream::ask_configured.
base::Result<upstream::Discovery> look_around(upstream::Options& options, std::optional<upstream::UpstreamOptions> own);

}  // namespace basin::cli
