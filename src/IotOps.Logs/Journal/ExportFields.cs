using System.Buffers.Text;
using System.Text;
using IotOps.Logs.Spool;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Journal;

/// <summary>The fields of one entry, as they are read, and what becomes of them.</summary>
internal sealed class ExportFields
{
    private string? _cursor;
    private long _time;
    private LogLevel? _level;
    private byte[]? _message;
    private string _identifier = "";
    private string _command = "";
    private string _process = "";

    /// <summary>Takes one field. Of a name that comes twice, the first counts.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("__CURSOR"u8))
        {
            _cursor = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("__REALTIME_TIMESTAMP"u8))
        {
            _time = Utf8Parser.TryParse(value, out long microseconds, out _) ? microseconds / 1000 : 0;
        }
        else if (name.SequenceEqual("MESSAGE"u8))
        {
            _message ??= value.ToArray();
        }
        else if (name.SequenceEqual("PRIORITY"u8) && value.Length == 1)
        {
            _level ??= LevelOf(value[0]);
        }
        else if (name.SequenceEqual("SYSLOG_IDENTIFIER"u8))
        {
            _identifier = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("_COMM"u8))
        {
            _command = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("_PID"u8))
        {
            _process = Encoding.UTF8.GetString(value);
        }
    }

    /// <summary>The entry, and begins anew; null when it had no cursor, as what is no entry.</summary>
    public JournalEntry? Take()
    {
        JournalEntry? entry = _cursor is null ? null : new JournalEntry(_cursor, _time, _level, Text());
        (_cursor, _time, _level, _message) = (null, 0, null, null);
        _identifier = _command = _process = "";
        return entry;
    }

    private byte[] Text()
    {
        if (_message is null or { Length: 0 })
        {
            return [];
        }

        string who = _identifier.Length > 0 ? _identifier : _command;
        string prefix = (who, _process) switch
        {
            ("", _) => "",
            (_, "") => who + ": ",
            _ => $"{who}[{_process}]: ",
        };
        return [.. Encoding.UTF8.GetBytes(prefix), .. Utf8Text.Valid(_message)];
    }

    // syslog's severities: https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1
    private static LogLevel? LevelOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'2' => LogLevel.Critical,
        (byte)'3' => LogLevel.Error,
        (byte)'4' => LogLevel.Warning,
        (byte)'5' or (byte)'6' => LogLevel.Information,
        (byte)'7' => LogLevel.Debug,
        _ => null,
    };
}
