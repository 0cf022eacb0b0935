using System.Net.Sockets;
using System.Text;
using IotOps.Mqtt;
using IotOps.Samples.DeviceAgent;
using IotOps.Samples.DeviceAgent.Shadow;
using IotOps.Shadow;
using IotOps.TestKit;

namespace IotOps.Samples.Tests.DeviceAgent;

/// <summary>What the running agent answers on its socket.</summary>
public sealed class ShadowSocketTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private MqttConnection _connection = null!;
    private ShadowCache _cache = null!;
    private LineSocket _socket = null!;

    public ValueTask InitializeAsync()
    {
        _connection = new MqttConnection(new MqttConnectionOptions { Host = "127.0.0.1", Tls = null, ClientId = "thing" });
        _cache = new ShadowCache(new ShadowCacheOptions { Connection = _connection, ThingName = "thing", StateDirectory = _directory["shadow"] });
        _socket = ShadowSocket.Open(_directory.Path, _cache);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        await _cache.DisposeAsync();
        await _connection.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_edit_is_in_the_cache_when_it_is_answered()
    {
        (await AskAsync("""{"section":"reported","path":"wifi/rssi","value":-61}""")).ShouldBe("""{"value":-61}""");

        _cache[ShadowId.Classic].Reported["wifi/rssi"]!.GetInt64().ShouldBe(-61);
        (await AskAsync("""{"section":"reported","path":"wifi"}""")).ShouldBe("""{"value":{"rssi":-61}}""");
    }

    [Fact]
    public async Task Without_a_section_the_whole_document_comes_with_what_the_cloud_lacks()
    {
        await _cache[ShadowId.Classic].Desired.SetAsync("on", true);

        (await AskAsync("{}")).ShouldBe("""{"value":{"desired":{"on":true},"pending":{"desired":{"on":true}},"reported":{},"version":0}}""");
    }

    [Theory]
    [InlineData("""{"section":"reported","path":"none"}""", "nothing reported at 'none'")]
    [InlineData("""{"shadow":"other"}""", "Shadow other is not kept here")]
    [InlineData("not JSON", "invalid")]
    [InlineData("""{"section":"reported","path":"a","value":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1}}}}}}}}}""", "8")]
    public async Task What_cannot_be_done_is_answered_and_the_connection_goes_on(string request, string error)
    {
        (await AskAsync(request))!.ShouldContain(error, Case.Insensitive);
        (await AskAsync(request))!.ShouldStartWith("""{"error":""");
    }

    [Fact]
    public void Only_the_agents_own_user_may_connect()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_directory[ShadowSocket.FileName]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task The_socket_of_a_killed_agent_is_taken_over()
    {
        await using LineSocket second = ShadowSocket.Open(_directory.Path, _cache);

        (await AskAsync("{}"))!.ShouldStartWith("""{"value":""");
    }

    private async Task<string?> AskAsync(string request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_directory[ShadowSocket.FileName]), TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request + "\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
    }
}
