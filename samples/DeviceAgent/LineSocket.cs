using System.Net.Sockets;
using System.Text;
using IotOps.Shadow;

namespace IotOps.Samples.DeviceAgent;

/// <summary>
/// A Unix socket in the state directory, open to the agent's own user, that answers one JSON object a line: the agent's commands ask here,
/// because a second connection with the agent's client id would throw the first one out.
/// </summary>
internal sealed class LineSocket : IAsyncDisposable
{
    /// <summary>Longest request: a shadow document has 30,720 bytes at most, a message 131,072, which JSON may write with more.</summary>
    private const int LongestLine = 1024 * 1024;

    private const int MaxClients = 16;

    private readonly Socket _listener;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, Task<ShadowValue>> _answer;
    private readonly string _path;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _places = new(MaxClients);
    private readonly Task _accepting;

    private LineSocket(Socket listener, Func<ReadOnlyMemory<byte>, CancellationToken, Task<ShadowValue>> answer, string path)
    {
        _listener = listener;
        _answer = answer;
        _path = path;
        _accepting = AcceptAsync();
    }

    /// <summary>Listens in a state directory of which something else is locked, so that no other agent can have it.</summary>
    public static LineSocket Open(string path, Func<ReadOnlyMemory<byte>, CancellationToken, Task<ShadowValue>> answer)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A killed agent leaves its socket behind.
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            listener.Listen();
            return new LineSocket(listener, answer, path);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Asks the agent that listens there.</summary>
    public static async Task<ShadowValue> AskAsync(string path, ShadowValue request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync((byte[])[.. request.ToUtf8Bytes(), (byte)'\n'], cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string line = await reader.ReadLineAsync(cancellationToken) ?? throw new IOException("it ended before it answered");
        return ShadowValue.Parse(line);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        File.Delete(_path);
        for (int place = 0; place < MaxClients; place++)
        {
            await _places.WaitAsync();
        }

        _places.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stopping.Token);
                try
                {
                    Socket client = await _listener.AcceptAsync(_stopping.Token);
                    _ = ServeAsync(client);
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    _places.Release();
                    _stopping.Token.ThrowIfCancellationRequested();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    // Holds a place until its end, which is what disposal waits for.
    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            byte[] buffer = new byte[4096];
            int filled = 0;
            int read;
            while ((read = await stream.ReadAsync(buffer.AsMemory(filled), _stopping.Token)) > 0)
            {
                filled += read;
                int from = 0;
                for (int length; (length = buffer.AsSpan(from, filled - from).IndexOf((byte)'\n')) >= 0; from += length + 1)
                {
                    ShadowValue answer = await _answer(buffer.AsMemory(from, length), _stopping.Token);
                    await stream.WriteAsync((byte[])[.. answer.ToUtf8Bytes(), (byte)'\n'], _stopping.Token);
                }

                filled -= from;
                buffer.AsSpan(from, filled).CopyTo(buffer);
                if (filled == LongestLine)
                {
                    return;
                }

                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Min(LongestLine, buffer.Length * 2));
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The other side left, or the agent stops.
        }
        finally
        {
            _places.Release();
        }
    }
}
