using Microsoft.Extensions.Logging;

namespace IotOps.TestKit;

/// <summary>Keeps what was logged, or throws as a host's own logger may. Safe for concurrent use.</summary>
public sealed class TestLogger : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Level, int Id, string Message)> _entries = [];

    /// <summary>Thrown at each message, as often as <see cref="Errors"/> says.</summary>
    public Exception? Error { get; set; }

    /// <summary>How often <see cref="Error"/> is thrown from now on.</summary>
    public int Errors { get; set; } = int.MaxValue;

    /// <summary>What was logged so far.</summary>
    public IReadOnlyList<(LogLevel Level, int Id, string Message)> Entries
    {
        get { lock (_gate) { return [.. _entries]; } }
    }

    /// <summary>How often an event was logged.</summary>
    public int Count(int id) => Entries.Count(entry => entry.Id == id);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _entries.Add((logLevel, eventId.Id, formatter(state, exception)));
            if (Error is not null && Errors > 0)
            {
                Errors--;
                throw Error;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
