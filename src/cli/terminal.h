// One output of the program: knows whether a person is looking, how wide the window is, and whether colour is wanted.
//
// Colour goes only to a terminal, unless --color says otherwise; NO_COLOR and TERM=dumb turn it off. A reader that has
// gone away (a closed pipe) is no error: the rest is dropped in silence and closed() says so, so that a long command
// can stop. What else goes wrong (a full disk) also ends the output, and problem() says what it was: the program must
// not end as if its answer had arrived.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/environment.h"

namespace basin::cli {

enum class Color { automatic, always, never };
enum class Style { plain, bold, dim, good, bad, warn, accent };

class Terminal {
 public:
  // Writes to the file descriptor, which must outlive the Terminal and is not closed by it.
  Terminal(int fd, Color color, const config::Environment& environment);

  bool interactive() const { return interactive_; }  // a terminal, not a pipe or a file
  bool colored() const { return colored_; }
  int width() const { return width_; }  // columns; 80 where nobody says
  bool closed() const { return closed_; }
  int problem() const { return problem_; }  // the errno that ended the output; 0 for none, and for a closed pipe

  // The text in a style; the text itself where there is no colour.
  std::string paint(Style style, std::string_view text) const;

  // Writes all of the text at once.
  void write(std::string_view text);
  void line(std::string_view text = {});

 private:
  int fd_;
  bool interactive_;
  bool colored_;
  bool closed_ = false;
  int problem_ = 0;
  int width_;
};

// One line from standard input, without its end; nothing at end of file.
std::optional<std::string> read_line();

}  // namespace basin::cli
