// What the loops of one gateway share. Everything here may be used from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/record.h"
#include "gateway/decisions.h"
#include "gateway/fussy_servers.h"
#include "gateway/provenance.h"
#include "gateway/readings.h"
#include "gateway/sessions.h"
#include "gateway/slots.h"
#include "geometry/model.h"
#include "net/tls.h"
#include "upstream/breaker.h"
#include "upstream/token_rates.h"

namespace basin::gateway {

// What answers became of, counted since the start.
struct Counters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused{0};            // by Basin itself: access, bad input
  std::atomic<std::uint64_t> upstream_failures{0};  // unreachable, timed out, cut short
  std::atomic<std::uint64_t> hang_ups{0};           // clients that left before their answer was whole
  std::atomic<std::uint64_t> reloads{0};
};

// One per gateway; outlives its loops.
struct Shared {
  Shared(std::uint32_t boot, std::shared_ptr<const geometry::Model> with)
      : model(std::move(with)), readings(model->encoder()), decisions(boot) {}

  const std::shared_ptr<const geometry::Model> model;
  Readings readings;

  Sessions sessions;
  Provenance provenance;
  upstream::Breaker breaker;
  upstream::TokenRates token_rates;
  Slots slots;
  FussyServers fussy;
  Decisions decisions;
  Counters counters;
  std::shared_ptr<const net::TlsClient> tls = std::make_shared<const net::TlsClient>();
  std::string version;
  std::int64_t started_ms = 0;                // Unix time
  std::function<base::Status()> reload;       // set by the Gateway; any thread
  std::function<void(std::string_view)> say;  // tells the operator, one line; any thread; may be empty

  core::EngineStamp stamp() const { return {version, model->sha256()}; }
};

}  // namespace basin::gateway
