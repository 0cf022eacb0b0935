using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.Logging;

/// <summary>Writes each message as one line, control characters escaped and an exception's own lines indented: <c>2023-10-01T12:00:00.000Z warn IotOps.Logs.LogShipper[12] ...</c>.</summary>
/// <param name="writer">Where lines go; flushed after each, disposed with the provider.</param>
/// <param name="timeProvider">The clock of the lines.</param>
/// <param name="minimum">Messages below this level are left out at first.</param>
public sealed class LineLoggerProvider(TextWriter writer, TimeProvider timeProvider, LogLevel minimum = LogLevel.Information) : ILoggerProvider
{
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    /// <summary>Messages below this level are left out from now on.</summary>
    public LogLevel Minimum { get; set; } = minimum;

    private DateTimeOffset Now => timeProvider.GetUtcNow();

    private void Write(string line)
    {
        lock (_lock)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    private sealed class LineLogger(LineLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= provider.Minimum && logLevel < LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                // Not generic from here on: this is compiled once for each type of message.
                Write(logLevel, eventId, formatter(state, exception), exception);
            }
        }

        private void Write(LogLevel logLevel, EventId eventId, string text, Exception? exception)
        {
            var line = new StringBuilder($"{provider.Now:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(logLevel)} {category}[{eventId.Id}] ");
            Append(line, text, "\\n");
            if (exception is not null)
            {
                Append(line.Append(": "), exception.ToString(), "\n    ");
            }

            provider.Write(line.ToString());
        }

        // Messages hold names of files and words of brokers: none of them begins a line of its own, or moves a terminal's cursor.
        private static void Append(StringBuilder line, string text, string lineEnd)
        {
            foreach (char c in text)
            {
                if (c == '\n')
                {
                    line.Append(lineEnd);
                }
                else if (char.IsControl(c) || c is '\u2028' or '\u2029')
                {
                    line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                }
                else
                {
                    line.Append(c);
                }
            }
        }

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
