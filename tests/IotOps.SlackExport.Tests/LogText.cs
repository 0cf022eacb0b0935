using System.Text;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Tests;

/// <summary>Keeps what was logged, exceptions included, a line a message.</summary>
internal sealed class LogText : ILoggerFactory, ILogger
{
    private readonly StringBuilder _text = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_text)
        {
            _text.Append($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}").Append('\n');
        }
    }

    public override string ToString()
    {
        lock (_text) { return _text.ToString(); }
    }

    public void Dispose()
    {
    }
}
