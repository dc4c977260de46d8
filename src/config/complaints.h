// What is wrong with a file, all of it at once: somebody who mends one line should not have to run again for the next.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/toml.h"

namespace basin::config {

class Complaints {
 public:
  // Past this many the rest is counted only.
  static constexpr std::size_t kMost = 20;

  explicit Complaints(std::string_view file) : file_(file) {}

  void add(Place place, std::string_view what) {
    if (++count_ <= kMost) text_ += (text_.empty() ? "" : "\n") + at(file_, place) + std::string(what);
  }
  bool none() const { return count_ == 0; }

  // REQUIRES: !none()
  base::Error error() const {
    std::string text = text_;
    if (count_ > kMost) text += "\nand " + std::to_string(count_ - kMost) + " more";
    return base::fail(base::Code::configuration, std::move(text));
  }

 private:
  std::string_view file_;
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace basin::config
