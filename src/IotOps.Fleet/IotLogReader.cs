using System.Text;
using IotOps.Fleet.IotLogs;
using IotOps.Fleet.Patterns;

namespace IotOps.Fleet;

/// <summary>Reads log lines: entries of the AWS IoT logs, and free text. For one thread at a time.</summary>
public sealed class IotLogReader
{
    private readonly PathNode _paths = new();
    private readonly EventFields _fields = new(LogMembers.Names.Count);
    private readonly TextPool _texts = new();

    /// <summary>Makes a reader.</summary>
    public IotLogReader()
    {
        for (int i = 0; i < LogMembers.Names.Count; i++)
        {
            _paths.Add(Encoding.ASCII.GetBytes(LogMembers.Names[i])).Path = i;
        }
    }

    /// <summary>Reads a line. One that is no JSON object is free text: an error when it has a word such as ERROR.</summary>
    /// <param name="utf8Line">The line, without its end.</param>
    /// <param name="eventTime">The log event's own time, for entries that have none inside; null for none.</param>
    public IotLogEntry Read(ReadOnlySpan<byte> utf8Line, DateTimeOffset? eventTime = null)
    {
        if (!TryScan(utf8Line))
        {
            return FreeText.Read(Encoding.UTF8.GetString(utf8Line), eventTime);
        }

        return new IotLogEntry
        {
            Time = Time(utf8Line) ?? eventTime,
            IsError = IsError(utf8Line),
            EventType = Pooled(utf8Line, LogMembers.EventType) ?? Pooled(utf8Line, LogMembers.Event),
            Reason = Pooled(utf8Line, LogMembers.Reason) ?? Pooled(utf8Line, LogMembers.DisconnectReason),
            ClientId = Pooled(utf8Line, LogMembers.ClientId) is { } client && client != "N/A" ? client : null,
            Principal = Text(utf8Line, LogMembers.PrincipalId),
            SourceIp = Pooled(utf8Line, LogMembers.SourceIp),
            Rule = Pooled(utf8Line, LogMembers.RuleName),
            Details = Text(utf8Line, LogMembers.Details) ?? Text(utf8Line, LogMembers.Message),
        };
    }

    /// <summary>Reads a line only if it tells a failure, which costs less for all others.</summary>
    /// <param name="utf8Line">The line, without its end.</param>
    /// <param name="entry">The entry; null when it tells no failure.</param>
    /// <param name="eventTime">The log event's own time, for entries that have none inside; null for none.</param>
    public bool TryReadError(ReadOnlySpan<byte> utf8Line, out IotLogEntry? entry, DateTimeOffset? eventTime = null)
    {
        entry = TryScan(utf8Line) && !IsError(utf8Line) ? null : Read(utf8Line, eventTime);
        if (entry?.IsError != true)
        {
            entry = null;
        }

        return entry is not null;
    }

    private bool TryScan(ReadOnlySpan<byte> line)
    {
        if (line.TrimStart(" \t"u8) is not [(byte)'{', ..])
        {
            return false;
        }

        try
        {
            EventScanner.Scan(line, _paths, _fields);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private bool IsError(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> level = Raw(line, LogMembers.LogLevel);
        return level.SequenceEqual("ERROR"u8) || level.SequenceEqual("FATAL"u8) || Raw(line, LogMembers.Status).SequenceEqual("Failure"u8);
    }

    private DateTimeOffset? Time(ReadOnlySpan<byte> line) => Raw(line, LogMembers.Timestamp) is { IsEmpty: false } text ? LogTime.Read(text) : null;

    private ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> line, int member)
    {
        int at = _fields.First(member);
        if (at < 0 || _fields[at].Kind != FieldKind.Text)
        {
            return default;
        }

        EventField field = _fields[at];
        ReadOnlySpan<byte> text = line.Slice(field.Start, field.Length);
        return field.IsEscaped ? JsonStrings.Decode(text) : text;
    }

    private string? Text(ReadOnlySpan<byte> line, int member) => Raw(line, member) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;

    private string? Pooled(ReadOnlySpan<byte> line, int member) => Raw(line, member) is { IsEmpty: false } text ? _texts.Get(text) : null;
}
