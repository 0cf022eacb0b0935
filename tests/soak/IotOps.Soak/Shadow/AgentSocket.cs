using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace IotOps.Soak.Shadow;

/// <summary>A connection to the agent's shadow socket, one JSON object a line each way.</summary>
internal sealed class AgentSocket : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private AgentSocket(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.UTF8);
    }

    /// <summary>Connects once the agent listens; null when it does not before the limit or ended.</summary>
    public static async Task<AgentSocket?> ConnectAsync(string path, AgentProcess agent)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!agent.HasExited && TimeProvider.System.GetElapsedTime(started) < StartLimit)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
                return new AgentSocket(socket);
            }
            catch (SocketException)
            {
                socket.Dispose();
                await Task.Delay(Pause, TimeProvider.System);
            }
        }

        return null;
    }

    /// <summary>Asks; null when the agent is gone.</summary>
    public async Task<JsonNode?> AskAsync(JsonObject request)
    {
        try
        {
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"));
            return await _reader.ReadLineAsync() is { } line ? JsonNode.Parse(line) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }
}
