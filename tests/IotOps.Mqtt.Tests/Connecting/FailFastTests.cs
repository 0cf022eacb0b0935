using System.Net;
using System.Net.Sockets;
using System.Text;
using IotOps.Emulator;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.Mqtt.Tests.Connecting;

/// <summary>What no retry mends ends the first connect; what may pass does not.</summary>
public sealed class FailFastTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly List<IDisposable> _open = [];
    private AwsEmulator _emulator = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        DeviceCertificate device = _emulator.Iot.IssueDeviceCertificate("THING00001");
        await File.WriteAllTextAsync(_directory["ca.pem"], _emulator.Iot.CertificateAuthorityPem, Cancelled);
        await File.WriteAllTextAsync(_directory["device.pem"], device.CertificatePem, Cancelled);
        await File.WriteAllTextAsync(_directory["device.key"], device.PrivateKeyPem, Cancelled);
        await File.WriteAllTextAsync(_directory["not.pem"], "no certificate", Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _open.ForEach(each => each.Dispose());
        await _emulator.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("absent.pem", "device.key", "ca.pem", "absent.pem cannot be read")]
    [InlineData("device.pem", "absent.key", "ca.pem", "absent.key cannot be read")]
    [InlineData("device.pem", "device.key", "absent.pem", "absent.pem cannot be read")]
    [InlineData("not.pem", "device.key", "ca.pem", "holds no PEM certificate")]
    [InlineData("device.pem", "not.pem", "ca.pem", "is not the private key")]
    public async Task A_file_that_cannot_be_used_ends_it_before_the_network_is_used(string certificate, string key, string ca, string says)
    {
        await using var client = new MqttConnection(Options with
        {
            Host = "nowhere.invalid",
            Tls = new MqttTlsOptions { CertificateFile = _directory[certificate], PrivateKeyFile = _directory[key], CaFile = _directory[ca] },
        });

        MqttException e = await RefusedAsync(client);
        e.Message.ShouldContain(says);
    }

    [Fact]
    public async Task A_broker_that_is_not_trusted_ends_it()
    {
        await using AwsEmulator other = await AwsEmulator.StartAsync();
        await File.WriteAllTextAsync(_directory["other.pem"], other.Iot.CertificateAuthorityPem, Cancelled);
        await using var client = new MqttConnection(Options with { Port = _emulator.Mqtt.TlsPort, Tls = new MqttTlsOptions { CaFile = _directory["other.pem"] } });

        (await RefusedAsync(client)).Message.ShouldContain("is not trusted");
    }

    [Fact]
    public async Task A_brokers_port_in_the_clear_ends_it()
    {
        await using var client = new MqttConnection(Options with { Port = _emulator.Mqtt.Port, Tls = new MqttTlsOptions { CaFile = _directory["ca.pem"] } });

        (await RefusedAsync(client)).Message.ShouldContain("does not speak TLS");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_servers_port_in_the_clear_ends_it(bool webSocket)
    {
        int port = Listen(near => near.Send(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n")));
        MqttConnectionOptions options = Options with { Port = port, Tls = new MqttTlsOptions { CaFile = _directory["ca.pem"] } };
        await using var client = new MqttConnection(
            webSocket ? options with { Host = "", Port = null, WebSocketUri = _ => ValueTask.FromResult(new Uri($"wss://localhost:{port}/mqtt")) } : options);

        (await RefusedAsync(client)).Message.ShouldContain("does not speak TLS");
    }

    [Fact]
    public async Task A_port_that_closes_without_a_word_is_tried_again()
    {
        int connections = 0;
        var third = new TaskCompletionSource();
        int port = Listen(_ =>
        {
            if (Interlocked.Increment(ref connections) == 3)
            {
                third.TrySetResult();
            }
        });
        await using var client = new MqttConnection(Options with { Port = port, Tls = new MqttTlsOptions { CaFile = _directory["ca.pem"] } });
        Task connecting = client.ConnectAsync(Cancelled);

        await third.Task.WaitAsync(FakeBroker.Patience, TimeProvider.System, Cancelled);
        connecting.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_goes_once_connected_is_waited_for()
    {
        File.Copy(_directory["ca.pem"], _directory["rotating.pem"]);
        await using var client = new MqttConnection(Options with
        {
            Port = _emulator.Mqtt.TlsPort,
            Tls = new MqttTlsOptions { CertificateFile = _directory["device.pem"], PrivateKeyFile = _directory["device.key"], CaFile = _directory["rotating.pem"] },
        });
        await client.ConnectAsync(Cancelled).WaitAsync(FakeBroker.Patience, TimeProvider.System, Cancelled);
        File.Move(_directory["rotating.pem"], _directory["gone.pem"]);
        _emulator.Mqtt.Disconnect(client.ClientId);
        await Eventually.TrueAsync(() => client.State.Error?.Message.Contains("rotating.pem cannot be read", StringComparison.Ordinal) == true);
        client.State.Error!.IsTransient.ShouldBeTrue();
        File.Move(_directory["gone.pem"], _directory["rotating.pem"]);

        await Eventually.TrueAsync(() => client.State is { Status: MqttConnectionStatus.Connected, Connections: 2 });
    }

    [Fact]
    public async Task A_host_with_a_file_that_is_missing_does_not_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddIotOpsMqtt(Options with { Tls = new MqttTlsOptions { CaFile = _directory["absent.pem"] } });
        using IHost host = builder.Build();

        (await Should.ThrowAsync<MqttException>(() => host.StartAsync(Cancelled))).Message.ShouldContain("absent.pem cannot be read");
    }

    [Fact]
    public async Task A_host_whose_broker_is_not_trusted_ends()
    {
        await using AwsEmulator other = await AwsEmulator.StartAsync();
        await File.WriteAllTextAsync(_directory["other.pem"], other.Iot.CertificateAuthorityPem, Cancelled);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddIotOpsMqtt(Options with { Port = _emulator.Mqtt.TlsPort, Tls = new MqttTlsOptions { CaFile = _directory["other.pem"] } });
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);

        await host.WaitForShutdownAsync(Cancelled).WaitAsync(FakeBroker.Patience, TimeProvider.System, Cancelled);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_says_why_there_is_no_connection()
    {
        await using var client = new MqttConnection(Options with { Host = "nowhere.invalid", Tls = null });
        using var giveUp = new CancellationTokenSource();
        Task connecting = client.ConnectAsync(giveUp.Token);
        await Eventually.TrueAsync(() => client.State.Error is not null);
        await giveUp.CancelAsync();

        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        e.Message.ShouldStartWith("Connecting client id 'THING00001' was given up while the connection was down: nowhere.invalid:1883 cannot be reached");
        e.InnerException.ShouldBeOfType<MqttException>();
        e.CancellationToken.ShouldBe(giveUp.Token);
    }

    [Fact]
    public async Task What_waits_for_a_connection_that_nobody_made_says_so()
    {
        await using var client = new MqttConnection(Options);
        using var giveUp = new CancellationTokenSource();
        Task publication = client.PublishAsync("a", default, cancellationToken: giveUp.Token).AsTask();
        Task subscription = client.SubscribeAsync(["b"], cancellationToken: giveUp.Token).AsTask();
        await giveUp.CancelAsync();

        (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publication)).Message
            .ShouldBe("The publication to 'a' was given up: there is no connection, because nobody has called ConnectAsync.");
        (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subscription)).Message
            .ShouldBe("The subscription to 'b' was given up: there is no connection, because nobody has called ConnectAsync.");
    }

    private static MqttConnectionOptions Options { get; } = new()
    {
        ClientId = "THING00001",
        Host = "localhost",
        MinReconnectDelay = TimeSpan.FromMilliseconds(10),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(50),
        Limits = MqttLimits.AwsIotCore with { MinConnectInterval = TimeSpan.Zero },
    };

    private static async Task<MqttException> RefusedAsync(MqttConnection client)
    {
        MqttException e = await Should.ThrowAsync<MqttException>(() => client.ConnectAsync(Cancelled).WaitAsync(FakeBroker.Patience, TimeProvider.System, Cancelled));
        e.IsTransient.ShouldBeFalse(e.Message);
        client.State.Status.ShouldBe(MqttConnectionStatus.Closed);
        client.State.Error.ShouldBe(e);
        return e;
    }

    // A server that reads what comes first, answers and closes.
    private int Listen(Action<Socket> answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        _open.Add(listener);
        listener.Start();
        _ = AcceptAsync();
        return ((IPEndPoint)listener.LocalEndpoint).Port;

        async Task AcceptAsync()
        {
            while (true)
            {
                using Socket near = await listener.AcceptSocketAsync(Cancelled);
                await near.ReceiveAsync(new byte[4096], Cancelled);
                answer(near);
            }
        }
    }
}
