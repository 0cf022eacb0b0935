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
    private void Log(LogLevel logLevel, EventId eventId, object? state, Exception? exception, Func<string?> format)
    {
        DateTimeOffset now = time.GetUtcNow();
        using var text = new PooledStream();
        try
        {
            Write(text, new LogMessage(now, logLevel, category, eventId, TextOf(state, format), exception), state);
        }
        catch (Exception)
        {
            // Parts that throw are noted in place. What throws all the same leaves no message, which is counted as dropped.
            text.Clear();
        }

        shipper.Write(provider.DestinationAt(now), now, EventFlags.Arrival, text.WrittenMemory.Span);
    }

    [SuppressMessage("Design", "CA1031", Justification = "A message that cannot be formatted must not end the application that logs it.")]
    private static string TextOf(object? state, Func<string?> format)
    {
        try
        {
            return format() ?? LogText.Of(state);
        }
        catch (Exception e)
        {
            return $"{TemplateOf(state)} (a part of this message threw {e.GetType()})";
        }
    }

    /// <summary>What was to be said, before anything was filled in.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A state that cannot be listed must not end the application that logs it.")]
    private static string TemplateOf(object? state)
    {
        try
        {
            if (state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } values && values[^1] is { Key: "{OriginalFormat}", Value: string template })
            {
                return template;
            }
        }
        catch (Exception)
        {
            // Then it has no template.
        }

        return LogText.Of(state);
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
