using IotOps.Logs.Reading;

namespace IotOps.Logs.Tail;

/// <summary>The files of one <see cref="LogFileOptions"/> and how they are read.</summary>
internal sealed class FileGroup
{
    private readonly PathPattern[] _exclude;
    private readonly StreamTemplate _group;
    private readonly StreamTemplate _stream;
    private readonly LineFramer?[] _framers = new LineFramer?[4];
    private readonly LinePattern[] _patterns;
    private readonly LinePattern? _start;
    private readonly int _maxMessageBytes;

    /// <exception cref="ArgumentException">An option is malformed; the message names it.</exception>
    public FileGroup(LogFileOptions options, string? thing, int maxMessageBytes)
    {
        Options = options;
        Pattern = PathPattern.Parse(options.Path);
        _exclude = [.. options.Exclude.Select(PathPattern.Parse)];
        _group = StreamTemplate.ForGroup(options.Group, thing);
        _stream = StreamTemplate.ForStream(options.Stream, thing);
        _maxMessageBytes = maxMessageBytes;
        Filter = EventFilter.Of(options);
        _start = LinePattern.Of(options.MultiLine?.Start, $"{nameof(LogFileOptions.MultiLine)}.{nameof(MultiLineOptions.Start)}");
        _patterns = [.. _start is null ? [] : (LinePattern[])[_start], .. Filter?.Patterns ?? []];
        Timestamps = options.Timestamp is null ? null : new TimestampReader(options.Timestamp);
    }

    public LogFileOptions Options { get; }

    public PathPattern Pattern { get; }

    public TimestampReader? Timestamps { get; }

    /// <summary>Which events are shipped; null for all.</summary>
    public EventFilter? Filter { get; }

    /// <summary>The pattern that could not judge some text in time; null when there is none.</summary>
    public LinePattern? SlowPattern => Array.Find(_patterns, static pattern => pattern.IsSlow);

    /// <summary>That was told.</summary>
    public bool WasToldSlow { get; set; }

    /// <summary>The destination has the day of the event in it.</summary>
    public bool IsDated => _group.IsDated || _stream.IsDated;

    public bool IsExcluded(string path) => Array.Exists(_exclude, pattern => pattern.IsMatch(path));

    public bool IsMatch(string path) => Pattern.IsMatch(path) && !IsExcluded(path);

    public LogDestination Destination(string path, DateTimeOffset day) => new(_group.Expand(path, day), _stream.Expand(path, day));

    /// <summary>Another chunk of a file begins: patterns have time again.</summary>
    public void BeginChunk()
    {
        foreach (LinePattern pattern in _patterns)
        {
            pattern.BeginChunk();
        }
    }

    public LineFramer Framer(TextEncoding encoding) =>
        _framers[(int)encoding] ??= new LineFramer(encoding, _maxMessageBytes, _start);
}
