using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs;

/// <summary>Which files to tail, how to read them, and which log stream they belong to.</summary>
public sealed record LogFileOptions
{
    /// <summary>
    /// Absolute path with the wildcards <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c> and <c>{a,b}</c> (within one name) and <c>**</c>
    /// (any depth of directories). <c>[*]</c>, <c>[[]</c> and so on stand for the characters themselves.
    /// Names that start with a dot match only a pattern that starts with a dot. A file that several entries match belongs to the first.
    /// Regular files only, links to them included; <c>**</c> does not follow links to directories. On Linux a link, to a file or to a directory of
    /// the path, is followed when it and what it leads to have one owner, or when only root and this process's user may write to the directory
    /// that it is in; another is told once and left alone. A <c>.gz</c> file is read as what it holds; what begins
    /// as another compressed format, an archive, a program or a journal is left alone, and told.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Patterns of the same form; a file that matches one is left alone.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>
    /// Log group, 1-512 characters. <c>{hostname}</c>, <c>{thing}</c>, <c>{file}</c> (file name) and <c>{env:NAME}</c> are filled in when a file
    /// is first seen, and stay with the file when it is rotated. <c>{date}</c> is the UTC day of the event, yyyy-MM-dd, and never goes back
    /// within a file; an event whose time the service would not take, or without one, belongs to the day it is read.
    /// What a token brings in that a group may not have becomes <c>_</c>. <c>{{</c> and <c>}}</c> stand for the characters themselves.
    /// </summary>
    public required string Group { get; init; }

    /// <summary>Log stream, 1-512 characters, with the same tokens. A <c>:</c> or <c>*</c> that a token brings in becomes <c>+</c>.</summary>
    public required string Stream { get; init; }

    /// <summary>Where reading begins in files that were there before the first run. Files that appear later are read whole. <see cref="LogStart.Beginning"/> by default.</summary>
    public LogStart Start { get; init; } = LogStart.Beginning;

    /// <summary>How bytes become text. Bytes that are invalid in the encoding become U+FFFD. <see cref="LogEncoding.Detect"/> by default.</summary>
    public LogEncoding Encoding { get; init; } = LogEncoding.Detect;

    /// <summary>Joins lines to events; null makes each line an event.</summary>
    public MultiLineOptions? MultiLine { get; init; }

    /// <summary>
    /// Events whose text this matches are shipped; null ships all. It must have a match time-out or be non-backtracking; an event that it
    /// cannot judge in time is shipped, and so are those behind the second such one in a chunk of 256 KiB.
    /// </summary>
    public Regex? IncludeEvents { get; init; }

    /// <summary>Events whose text this matches are left out and counted; as <see cref="IncludeEvents"/> otherwise, and stronger.</summary>
    public Regex? ExcludeEvents { get; init; }

    /// <summary>
    /// Events of a lower level are left out and counted; null ships all. The level is syslog's priority in front, a member of a JSON event
    /// (<c>level</c>, <c>severity</c>, <c>lvl</c>, <c>levelname</c>, <c>@l</c>), or the first word for one in the first 256 bytes:
    /// in capital letters, or with a mark beside it, as in <c>[info]</c>, <c>warn:</c> and <c>level=debug</c>. An event without one is shipped.
    /// </summary>
    public LogLevel? MinimumLevel { get; init; }

    /// <summary>How an event's time is read from its text; null takes the time at which it was read.</summary>
    public LogTimestampOptions? Timestamp { get; init; }
}
