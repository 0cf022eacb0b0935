using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Reading;

/// <summary>
/// Reads the level of an event: syslog's priority in front, a JSON member, or a word near its beginning. A word in capital letters counts
/// wherever it stands; another only with a mark beside it, as in <c>[info]</c>, <c>warn:</c> and <c>level=debug</c>.
/// </summary>
internal static class EventLevel
{
    private const int LookAt = 256;

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Null when the text says none.</summary>
    public static LogLevel? Of(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'<', ..] && OfPriority(text) is { } priority)
        {
            return priority;
        }

        return text is [(byte)'{', ..] && OfJson(text) is { } level ? level : OfWords(text[..Math.Min(text.Length, LookAt)]);
    }

    // https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1
    private static LogLevel? OfPriority(ReadOnlySpan<byte> text)
    {
        int end = text[..Math.Min(text.Length, 5)].IndexOf((byte)'>');
        int value = 0;
        for (int i = 1; i < end; i++)
        {
            if (text[i] is < (byte)'0' or > (byte)'9')
            {
                return null;
            }

            value = (value * 10) + (text[i] - '0');
        }

        return end < 2 || value > 191 ? null : (value & 7) switch
        {
            <= 2 => LogLevel.Critical,
            3 => LogLevel.Error,
            4 => LogLevel.Warning,
            7 => LogLevel.Debug,
            _ => LogLevel.Information,
        };
    }

    private static LogLevel? OfJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isLevel = reader.ValueSpan.Length <= 9 && IsLevelName(reader.ValueSpan);
                if (!reader.Read())
                {
                    return null;
                }

                if (isLevel && reader.TokenType == JsonTokenType.String && OfWord(reader.ValueSpan) is { } named)
                {
                    return named;
                }

                if (isLevel && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number))
                {
                    // As bunyan and pino count: 10 is trace, 60 is fatal.
                    return number is >= 10 and < 70 ? (LogLevel)((number / 10) - 1) : null;
                }

                if (!reader.TrySkip())
                {
                    return null;
                }
            }
        }
        catch (JsonException)
        {
            // Then it is text that begins with a brace.
        }

        return null;
    }

    private static bool IsLevelName(ReadOnlySpan<byte> name) =>
        Is(name, "level"u8) || Is(name, "severity"u8) || Is(name, "loglevel"u8) || Is(name, "log.level"u8) || Is(name, "levelname"u8) || Is(name, "lvl"u8)
        || Is(name, "@l"u8);

    private static LogLevel? OfWords(ReadOnlySpan<byte> text)
    {
        for (int start; (start = text.IndexOfAny(Letters)) >= 0;)
        {
            int length = text[start..].IndexOfAnyExcept(Letters);
            length = length < 0 ? text.Length - start : length;
            ReadOnlySpan<byte> word = text.Slice(start, length);
            byte before = start == 0 ? (byte)' ' : text[start - 1];
            byte after = start + length == text.Length ? (byte)' ' : text[start + length];
            bool isWord = length is >= 3 and <= 11 && before is not ((byte)'_' or >= (byte)'0' and <= (byte)'9')
                && after is not ((byte)'_' or >= (byte)'0' and <= (byte)'9');
            bool isMarked = before is (byte)'[' or (byte)'<' or (byte)'(' or (byte)'=' or (byte)'|' or (byte)'"'
                || after is (byte)']' or (byte)'>' or (byte)':' or (byte)')' or (byte)'|' or (byte)'"';
            if (isWord && (isMarked || !word.ContainsAnyInRange((byte)'a', (byte)'z')) && OfWord(word) is { } level)
            {
                return level;
            }

            text = text[(start + length)..];
        }

        return null;
    }

    private static LogLevel? OfWord(ReadOnlySpan<byte> word) => word.Length is 0 or > 11 ? null : (word[0] | 0x20) switch
    {
        't' when Is(word, "trace"u8) || Is(word, "trce"u8) => LogLevel.Trace,
        'v' when Is(word, "verbose"u8) => LogLevel.Trace,
        'd' when Is(word, "debug"u8) || Is(word, "dbug"u8) || Is(word, "dbg"u8) => LogLevel.Debug,
        'i' when Is(word, "info"u8) || Is(word, "information"u8) || Is(word, "inf"u8) => LogLevel.Information,
        'n' when Is(word, "notice"u8) => LogLevel.Information,
        'w' when Is(word, "warn"u8) || Is(word, "warning"u8) || Is(word, "wrn"u8) => LogLevel.Warning,
        'e' when Is(word, "error"u8) || Is(word, "err"u8) => LogLevel.Error,
        'e' when Is(word, "emerg"u8) || Is(word, "emergency"u8) => LogLevel.Critical,
        'f' when Is(word, "fail"u8) => LogLevel.Error,
        'f' when Is(word, "fatal"u8) || Is(word, "ftl"u8) => LogLevel.Critical,
        's' when Is(word, "severe"u8) => LogLevel.Error,
        'c' when Is(word, "critical"u8) || Is(word, "crit"u8) => LogLevel.Critical,
        'a' when Is(word, "alert"u8) => LogLevel.Critical,
        'p' when Is(word, "panic"u8) => LogLevel.Critical,
        _ => null,
    };

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> lower)
    {
        if (word.Length != lower.Length)
        {
            return false;
        }

        for (int i = 0; i < word.Length; i++)
        {
            byte letter = word[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(word[i] | 0x20) : word[i];
            if (letter != lower[i])
            {
                return false;
            }
        }

        return true;
    }
}
