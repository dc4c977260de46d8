#include "upstream/file_head.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace basin::upstream {
namespace {

using base::Code;
using base::fail;

constexpr std::uint64_t kPiece = std::uint64_t{256} << 10U;  // bytes of one read

base::Error unreadable(const std::string& path, int reason) {
  return fail(Code::not_found, fmt::format("{}: {}", path, std::strerror(reason)));
}

}  // namespace

FileHead::FileHead(std::string path, int fd, std::uint64_t size) : path_(std::move(path)), fd_(fd), size_(size) {}

FileHead::~FileHead() {
  if (fd_ >= 0) ::close(fd_);
}

FileHead::FileHead(FileHead&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      bytes_(std::move(other.bytes_)) {}

base::Result<FileHead> FileHead::open(const std::string& path) {
  // Not blocking: a pipe under that name must not hold us up.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return unreadable(path, errno);
  FileHead head(path, fd, 0);
  struct stat found {};
  if (::fstat(fd, &found) != 0) return unreadable(path, errno);
  if (!S_ISREG(found.st_mode)) return fail(Code::invalid, path + " is no regular file");
  head.size_ = static_cast<std::uint64_t>(found.st_size);
  return head;
}

base::Result<std::string_view> FileHead::first(std::uint64_t count) {
  count = std::min(count, size_);
  while (bytes_.size() < count) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + std::min(count - before, kPiece));
    const ssize_t got = ::pread(fd_, bytes_.data() + before, bytes_.size() - before, static_cast<off_t>(before));
    const int reason = errno;
    bytes_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && reason != EINTR) return unreadable(path_, reason);
    if (got == 0) size_ = count = bytes_.size();  // it was cut while we read it
  }
  return std::string_view(bytes_);
}

base::Result<std::string> read_small_file(const std::string& path, std::uint64_t limit) {
  auto file = FileHead::open(path);
  if (!file) return file.error();
  if (file->size() > limit) return fail(Code::too_large, fmt::format("{} has more than {} bytes", path, limit));
  const auto bytes = file->first(file->size());
  if (!bytes) return bytes.error();
  return std::string(*bytes);
}

}  // namespace basin::upstream
