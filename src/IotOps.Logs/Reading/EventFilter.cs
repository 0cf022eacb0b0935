using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Reading;

/// <summary>Says which events of a file are shipped. What cannot be judged is.</summary>
internal sealed class EventFilter
{
    private readonly LinePattern? _include;
    private readonly LinePattern? _exclude;
    private readonly LogLevel? _minimum;

    private EventFilter(LinePattern? include, LinePattern? exclude, LogLevel? minimum) => (_include, _exclude, _minimum) = (include, exclude, minimum);

    public IEnumerable<LinePattern> Patterns => ((LinePattern?[])[_include, _exclude]).OfType<LinePattern>();

    /// <summary>Null when every event is shipped.</summary>
    /// <exception cref="ArgumentException">A pattern could take any time over one line.</exception>
    public static EventFilter? Of(LogFileOptions options)
    {
        var include = LinePattern.Of(options.IncludeEvents, nameof(LogFileOptions.IncludeEvents));
        var exclude = LinePattern.Of(options.ExcludeEvents, nameof(LogFileOptions.ExcludeEvents));
        if (options.MinimumLevel is { } level && !Enum.IsDefined(level))
        {
            throw new ArgumentException($"MinimumLevel is {options.MinimumLevel}; it is Trace to Critical, or null for all events.", nameof(options));
        }

        return include is null && exclude is null && options.MinimumLevel is null ? null : new EventFilter(include, exclude, options.MinimumLevel);
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
            return _include?.IsMatch(chars) != false && _exclude?.IsMatch(chars) != true;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
