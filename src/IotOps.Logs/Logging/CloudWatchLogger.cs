using System.Diagnostics.CodeAnalysis;
using IotOps.Logs.Batching;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Logging;

/// <summary>One category's way into the spool.</summary>
internal sealed class CloudWatchLogger(
    CloudWatchLoggerProvider provider,
    string category,
    CloudWatchLoggerOptions options,
    LogShipper shipper,
    LogDestination destination,
    TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            // Every message has a type of its own: what is generic here is compiled once for each of them.
            Log(logLevel, eventId, state, exception, () => formatter(state, exception));
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A message that cannot be formatted must not end the application that logs it.")]
    private void Log(LogLevel logLevel, EventId eventId, object? state, Exception? exception, Func<string> format)
    {
        DateTimeOffset now = time.GetUtcNow();
        using var text = new PooledStream();
        try
        {
            Write(text, new LogMessage(now, logLevel, category, eventId, format(), exception), state);
        }
        catch (Exception e)
        {
            // What was to be said is lost; that something was to be said is not.
            text.Clear();
            Write(text, new LogMessage(now, logLevel, category, eventId, $"A log message could not be formatted: {e.GetType()}", null), null);
        }

        shipper.Write(destination, now, EventFlags.Arrival, text.WrittenMemory.Span);
    }

    private void Write(PooledStream text, LogMessage message, object? state)
    {
        IExternalScopeProvider? scopes = options.IncludeScopes ? provider.Scopes : null;
        if (options.Format == CloudWatchLogFormat.Json)
        {
            JsonMessage.Write(text, message, state, scopes);
        }
        else
        {
            TextMessage.Write(text, message, scopes);
        }
    }
}
