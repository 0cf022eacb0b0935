using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.DataPlane;
using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class CertificateTests : RegistryTestBase
{
    [Fact]
    public async Task A_certificate_is_made_with_its_keys_and_described()
    {
        JsonNode made = await OkAsync("POST", "keys-and-certificate");
        string id = (string)made["certificateId"]!;
        using var certificate = X509Certificate2.CreateFromPem((string)made["certificatePem"]!, (string)made["keyPair"]!["PrivateKey"]!);

        JsonNode described = (await OkAsync("GET", $"certificates/{id}"))["certificateDescription"]!;

        certificate.HasPrivateKey.ShouldBeTrue();
        ((string?)described["certificateArn"]).ShouldBe($"arn:aws:iot:us-east-1:123456789012:cert/{id}");
        ((string?)described["status"], (string?)described["ownedBy"], (int)described["customerVersion"]!).ShouldBe(("INACTIVE", "123456789012", 1));
        ((double)described["creationDate"]!).ShouldBe(Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1_000.0);
        ((double)described["validity"]!["notAfter"]!).ShouldBe(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task A_certificate_of_one_s_own_is_registered_once()
    {
        await using AwsEmulator other = await AwsEmulator.StartAsync();
        DeviceCertificate own = other.Iot.IssueDeviceCertificate("t");
        string body = new JsonObject { ["certificatePem"] = own.CertificatePem, ["status"] = "ACTIVE" }.ToJsonString();

        ((string?)(await OkAsync("POST", "certificate/register-no-ca", body))["certificateId"]).ShouldBe(own.CertificateId);

        (await CallAsync("POST", "certificate/register-no-ca", body)).Error.ShouldBe("ResourceAlreadyExistsException");
        ((string?)(await OkAsync("GET", "certificates"))["certificates"]![0]!["status"]).ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task A_revoked_certificate_stays_revoked()
    {
        (string id, _) = await CertificateAsync();
        await OkAsync("PUT", $"certificates/{id}?newStatus=INACTIVE");
        await OkAsync("PUT", $"certificates/{id}?newStatus=ACTIVE");
        await OkAsync("PUT", $"certificates/{id}?newStatus=REVOKED");

        foreach (string status in new[] { "ACTIVE", "INACTIVE" })
        {
            DataPlaneReply reply = await CallAsync("PUT", $"certificates/{id}?newStatus={status}");
            (reply.Status, reply.Error).ShouldBe((406, "CertificateStateException"));
        }

        await OkAsync("PUT", $"certificates/{id}?newStatus=REVOKED");
        ((string?)(await OkAsync("GET", $"certificates/{id}"))["certificateDescription"]!["status"]).ShouldBe("REVOKED");
    }

    [Fact]
    public async Task Certificates_come_in_pages()
    {
        string[] ids = [(await CertificateAsync()).Id, (await CertificateAsync()).Id, (await CertificateAsync()).Id];

        DataPlaneReply first = await CallAsync("GET", "certificates?pageSize=2");
        DataPlaneReply second = await CallAsync("GET", $"certificates?pageSize=2&marker={Uri.EscapeDataString((string)first.Body["nextMarker"]!)}");

        Names(first, "certificates", "certificateId").Concat(Names(second, "certificates", "certificateId")).ShouldBe(ids.Order(StringComparer.Ordinal));
        second.Body.AsObject().ContainsKey("nextMarker").ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET", "certificates/0000000000000000000000000000000000000000000000000000000000000000", "", 404, "ResourceNotFoundException")]
    [InlineData("GET", "certificates/short", "", 400, "InvalidRequestException")]
    [InlineData("PUT", "certificates/ID", "", 400, "InvalidRequestException")]
    [InlineData("PUT", "certificates/ID?newStatus=GONE", "", 400, "InvalidRequestException")]
    [InlineData("PUT", "certificates/ID?newStatus=PENDING_TRANSFER", "", 406, "CertificateStateException")]
    [InlineData("PUT", "certificates/ID?newStatus=PENDING_ACTIVATION", "", 406, "CertificateStateException")]
    [InlineData("POST", "certificate/register-no-ca", """{"certificatePem":"none"}""", 400, "CertificateValidationException")]
    [InlineData("POST", "certificate/register-no-ca", """{"certificatePem":"none","status":"REVOKED"}""", 406, "CertificateStateException")]
    [InlineData("POST", "certificate/register-no-ca", "{}", 400, "InvalidRequestException")]
    public async Task A_bad_call_is_refused(string method, string path, string body, int status, string error)
    {
        (string id, _) = await CertificateAsync();

        DataPlaneReply reply = await CallAsync(method, path.Replace("ID", id, StringComparison.Ordinal), body);

        (reply.Status, reply.Error).ShouldBe((status, error), reply.Message);
        ((string?)(await OkAsync("GET", $"certificates/{id}"))["certificateDescription"]!["status"]).ShouldBe("ACTIVE");
    }

    [Theory]
    [InlineData("INACTIVE")]
    [InlineData("REVOKED")]
    public async Task A_certificate_that_is_active_no_longer_opens_nothing_and_loses_its_connections(string status)
    {
        DeviceCertificate device = Emulator.Iot.IssueDeviceCertificate("t");
        using RawClient stranger = await Connect311Async("stranger");
        using RawClient client = await OverTlsAsync(device);
        await client.SendAsync(Wire.Connect4);
        await client.ExpectAsync(Wire.Accepted4);

        await OkAsync("PUT", $"certificates/{device.CertificateId}?newStatus={status}");

        await RefusedAsync(device);
        Emulator.Mqtt.Clients.Count.ShouldBe(2, "AWS IoT ends connections some minutes later");
        Clock.Advance(TimeSpan.FromMinutes(1));
        await client.ExpectEndAsync();
        ConnectedClient left = Emulator.Mqtt.Clients.ShouldHaveSingleItem();
        left.ClientId.ShouldBe("stranger");
    }

    [Fact]
    public async Task A_certificate_that_is_active_again_in_time_keeps_its_connections()
    {
        DeviceCertificate device = Emulator.Iot.IssueDeviceCertificate("t");
        using RawClient client = await OverTlsAsync(device);
        await client.SendAsync(Wire.Connect4);
        await client.ExpectAsync(Wire.Accepted4);
        await OkAsync("PUT", $"certificates/{device.CertificateId}?newStatus=INACTIVE");
        await OkAsync("PUT", $"certificates/{device.CertificateId}?newStatus=ACTIVE");

        Clock.Advance(TimeSpan.FromMinutes(1));

        await client.PingAsync();
    }

    private async Task<RawClient> OverTlsAsync(DeviceCertificate device)
    {
        using X509Certificate2 root = X509Certificate2.CreateFromPem(Emulator.Iot.CertificateAuthorityPem);
        using X509Certificate2 own = X509Certificate2.CreateFromPem(device.CertificatePem, device.PrivateKeyPem);
        var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", Emulator.Mqtt.TlsPort);
        var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificateContext = SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true),
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { root } },
        });
        return new RawClient(tls);
    }

    private async Task RefusedAsync(DeviceCertificate device)
    {
        try
        {
            using RawClient client = await OverTlsAsync(device);
            await client.SendAsync(Wire.Connect4);
            await client.ExpectEndAsync();
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // With TLS 1.2 the handshake itself fails, with 1.3 what follows it.
        }
    }
}
