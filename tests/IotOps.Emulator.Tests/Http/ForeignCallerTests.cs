using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace IotOps.Emulator.Tests.Http;

/// <summary>The emulator's keys are everybody's, so a web page in the developer's browser must not get at it under a name of its own.</summary>
public sealed class ForeignCallerTests : IAsyncLifetime
{
    private AwsEmulator _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync() => await _emulator.DisposeAsync();

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("evillocalhost")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.168.1.1")]
    [InlineData("[2001:db8::1]")]
    public async Task A_host_that_is_no_loopback_name_is_misdirected(string host)
    {
        foreach (string path in new[] { "_emulator/statistics", "bucket/k", "_emulator/slack/T/x" })
        {
            using HttpResponseMessage answer = await SendAsync(path, host);
            answer.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest, path);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(host);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("bucket.localhost")]
    [InlineData("bucket.s3.localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("[::1]")]
    public async Task A_loopback_name_is_let_in(string host)
    {
        using HttpResponseMessage answer = await SendAsync("_emulator/statistics", host);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("https://localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:3000", HttpStatusCode.OK)]
    [InlineData("http://127.0.0.1:5173", HttpStatusCode.OK)]
    [InlineData("http://[::1]:80", HttpStatusCode.OK)]
    public async Task A_page_from_elsewhere_is_refused(string origin, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await SendAsync("_emulator/statistics", "localhost", origin);

        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_WebSocket_of_a_page_from_elsewhere_is_refused_before_it_is_accepted()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.SetRequestHeader("Origin", "http://evil.example");
        socket.Options.CollectHttpResponseDetails = true;

        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(_emulator.Mqtt.WebSocketEndpoint, CancellationToken.None));

        socket.HttpStatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_body_that_no_service_could_take_is_refused_at_its_announcement()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, _emulator.Endpoint.Port);
        await tcp.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"POST /_emulator/slack/api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: {100L << 30}\r\n\r\n"));
        using var reader = new StreamReader(tcp.GetStream());

        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 413 Payload Too Large");
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string host, string? origin = null)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, _emulator.Endpoint.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:{_emulator.Endpoint.Port}/{path}");
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        return await http.SendAsync(request);
    }
}
