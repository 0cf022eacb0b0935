using Amazon.Runtime;
using Amazon.S3;

namespace IotOps.InteropTests.Peers;

public sealed class PeerTests(InteropPeers peers)
{
    [Fact]
    public async Task Mosquitto_carries_a_message_from_one_client_to_another()
    {
        Peer subscriber = peers.Require("mosquitto-clients");
        string port = (await peers.MosquittoAsync()).ToString();

        // Retained, so that it does not matter which of the two is first.
        await PeerCommand.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", port, "-V", "5", "-q", "1", "-r", "-t", "smoke", "-m", "hello"]);
        string heard = await PeerCommand.RunAsync(subscriber.Program, ["-h", "127.0.0.1", "-p", port, "-V", "311", "-C", "1", "-W", "10", "-t", "smoke"]);

        heard.Trim().ShouldBe("hello");
    }

    [Fact]
    public async Task Moto_answers_AWS_own_SDK()
    {
        Uri endpoint = await peers.MotoAsync();
        using var s3 = new AmazonS3Client(new BasicAWSCredentials("test", "test"), new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
        });
        await s3.PutBucketAsync("interop-smoke");

        (await s3.ListBucketsAsync()).Buckets.Select(b => b.BucketName).ShouldContain(static name => name == "interop-smoke");
    }

    [Fact]
    public async Task A_server_ends_with_its_keeper()
    {
        PeerServer server = await PeerServer.StartAsync(port => ["python3", "-m", "http.server", "--bind", "127.0.0.1", port.ToString()]);
        await server.DisposeAsync();

        using var socket = new System.Net.Sockets.TcpClient();
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(() => socket.ConnectAsync(System.Net.IPAddress.Loopback, server.Port));
    }

    [Fact]
    public async Task A_server_that_cannot_start_is_told_with_its_own_words()
    {
        InvalidOperationException e = await Should.ThrowAsync<InvalidOperationException>(
            () => PeerServer.StartAsync(_ => ["/bin/sh", "-c", "echo no luck; exit 3"]));

        e.Message.ShouldContain("no luck");
    }
}
