using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Reading;

/// <summary>Says which events of a file are shipped. What cannot be judged is.</summary>
internal sealed class EventFilter
{
    private readonly Regex? _include;
    private readonly Regex? _exclude;
    private readonly LogLevel? _minimum;

    private EventFilter(LogFileOptions options) => (_include, _exclude, _minimum) = (options.IncludeEvents, options.ExcludeEvents, options.MinimumLevel);

    /// <summary>Null when every event is shipped.</summary>
    /// <exception cref="ArgumentException">A pattern could take any time over one line.</exception>
    public static EventFilter? Of(LogFileOptions options)
    {
        Require(options.IncludeEvents, nameof(LogFileOptions.IncludeEvents));
        Require(options.ExcludeEvents, nameof(LogFileOptions.ExcludeEvents));
        if (options.MinimumLevel is { } level && !Enum.IsDefined(level))
        {
            throw new ArgumentException($"MinimumLevel is {options.MinimumLevel}; it is Trace to Critical, or null for all events.", nameof(options));
        }

        return options.IncludeEvents is null && options.ExcludeEvents is null && options.MinimumLevel is null ? null : new EventFilter(options);
    }

    /// <summary>True when an event with this text is shipped.</summary>
    public bool Passes(ReadOnlySpan<byte> text)
    {
        if (_minimum is { } minimum && EventLevel.Of(text) is { } level && level < minimum)
        {
            return false;
        }

        if (_include is null && _exclude is null)
        {
            return true;
        }

        char[] rented = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            ReadOnlySpan<char> chars = rented.AsSpan(0, Encoding.UTF8.GetChars(text, rented));
            return (_include is null || IsMatch(_include, chars, otherwise: true)) && (_exclude is null || !IsMatch(_exclude, chars, otherwise: false));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static bool IsMatch(Regex pattern, ReadOnlySpan<char> text, bool otherwise)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return otherwise;
        }
    }

    private static void Require(Regex? pattern, string name)
    {
        if (pattern is not null && pattern.MatchTimeout == Regex.InfiniteMatchTimeout && !pattern.Options.HasFlag(RegexOptions.NonBacktracking))
        {
            throw new ArgumentException(
                $"{name} '{pattern}' has no match time-out: one line could hold up all files. Give it one, or RegexOptions.NonBacktracking.", name);
        }
    }
}
