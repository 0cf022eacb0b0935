using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>What was logged.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(int Event, string Text)> _lines = new();

    public IEnumerable<string> Of(int eventId) => _lines.Where(line => line.Event == eventId).Select(line => line.Text);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, formatter(state, exception)));

    public void Dispose()
    {
    }
}
