using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Logging;

/// <summary>A message as text, in the console logger's words.</summary>
internal static class TextMessage
{
    /// <summary>Writes a message.</summary>
    public static void Write(PooledStream to, LogMessage message, IExternalScopeProvider? scopes)
    {
        Span<byte> time = stackalloc byte[32];
        Utf8Formatter.TryFormat(message.Time.UtcDateTime, time, out int length, new StandardFormat('O'));

        // 2023-10-01T12:00:00.0000000Z: milliseconds are what the service keeps.
        to.Write(time[..(length - 5)]);
        Text(to, $"Z {message.LevelName} {message.Category}[{message.EventId.Id}] ");
        Text(to, message.Text);
        Scopes(to, scopes);
        if (message.Exception is { } exception)
        {
            Text(to, "\n");
            Text(to, LogText.Of(exception));
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A scope that throws must not end the application that logs in it.")]
    private static void Scopes(PooledStream to, IExternalScopeProvider? scopes)
    {
        try
        {
            scopes?.ForEachScope(
                static (scope, to) =>
                {
                    Text(to, "\n=> ");
                    Text(to, LogText.Of(scope));
                },
                to);
        }
        catch (Exception e)
        {
            Text(to, "\n=> " + LogText.Note(scopes!, e));
        }
    }

    private static void Text(PooledStream to, string text)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int length = Encoding.UTF8.GetBytes(text, bytes);
        to.Write(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
