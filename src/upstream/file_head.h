// The front of a file, as far as somebody wants it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace basin::upstream {

// Reads a regular file from its start, more with each call; what lies behind is never touched. One thread.
class FileHead {
 public:
  // Errors: not_found (with the path and the reason), invalid (a folder, a pipe, a device).
  static base::Result<FileHead> open(const std::string& path);
  ~FileHead();
  FileHead(FileHead&& other) noexcept;
  FileHead& operator=(FileHead&&) = delete;
  FileHead(const FileHead&) = delete;
  FileHead& operator=(const FileHead&) = delete;

  std::uint64_t size() const { return size_; }  // when it was opened
  // At least `count` bytes from the start, or all there are. The view lives until the next call. Memory grows with what
  // was read, never with what was asked for. Errors: not_found (it cannot be read).
  base::Result<std::string_view> first(std::uint64_t count);

 private:
  FileHead(std::string path, int fd, std::uint64_t size);

  std::string path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
  std::string bytes_;
};

// The whole of a small file. Errors: as FileHead; too_large past the limit.
base::Result<std::string> read_small_file(const std::string& path, std::uint64_t limit);

}  // namespace basin::upstream
