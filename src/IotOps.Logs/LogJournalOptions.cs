using Microsoft.Extensions.Logging;

namespace IotOps.Logs;

/// <summary>
/// systemd's journal as a source. It is read by <c>journalctl</c> (systemd 236 or newer), in a process of its own: a damaged journal file costs that
/// process, and every compression that journald writes is read. Where it stands is kept as the journal's own cursor, so that rotation and
/// restarts repeat and lose nothing. See <see href="https://systemd.io/JOURNAL_EXPORT_FORMATS/"/>.
/// </summary>
public sealed record LogJournalOptions
{
    /// <summary>Log group, with the tokens of <see cref="LogFileOptions.Group"/> but <c>{file}</c> and <c>{date}</c>.</summary>
    public required string Group { get; init; }

    /// <summary>Log stream, with the same tokens.</summary>
    public required string Stream { get; init; }

    /// <summary>Absolute path of a directory with journal files, such as a container's view of the host's; null reads the system's own.</summary>
    public string? Directory { get; init; }

    /// <summary>Units whose messages are shipped, such as <c>ssh.service</c>; empty for all.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>Where reading begins at the first run. <see cref="LogStart.Beginning"/> by default.</summary>
    public LogStart Start { get; init; } = LogStart.Beginning;

    /// <summary>Messages of a lower level are left out and counted; those without a priority are shipped. Null ships all.</summary>
    public LogLevel? MinimumLevel { get; init; }

    /// <summary>The program; <c>journalctl</c> on the path by default.</summary>
    public string Program { get; init; } = "journalctl";
}
