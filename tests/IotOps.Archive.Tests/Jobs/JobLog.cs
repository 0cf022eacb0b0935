using Microsoft.Extensions.Logging;

namespace IotOps.Archive.Tests.Jobs;

/// <summary>Keeps what jobs logged.</summary>
internal sealed class JobLog : ILoggerFactory, ILogger
{
    private readonly List<(LogLevel Level, string Text, Exception? Exception)> _entries = [];

    public IReadOnlyList<(LogLevel Level, string Text, Exception? Exception)> Entries
    {
        get { lock (_entries) { return [.. _entries]; } }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_entries) { _entries.Add((logLevel, formatter(state, exception), exception)); }
    }

    public void Dispose()
    {
    }
}
