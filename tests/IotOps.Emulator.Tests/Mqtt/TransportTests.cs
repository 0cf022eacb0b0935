using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Mqtt;

public sealed class TransportTests : MqttTestBase
{
    [Fact]
    public async Task A_registered_certificate_opens_TLS_and_names_the_thing()
    {
        DeviceCertificate device = Emulator.Iot.IssueDeviceCertificate("THING00001");
        using RawClient client = new(await TlsAsync(device, "localhost", "x-amzn-mqtt-ca"));

        await client.SendAsync(Wire.Connect4);
        await client.ExpectAsync(Wire.Accepted4);

        ConnectedClient seen = Emulator.Mqtt.Clients.ShouldHaveSingleItem();
        (seen.Transport, seen.ThingName, seen.ServerName, seen.ApplicationProtocol).ShouldBe(("tls", "THING00001", "localhost", "x-amzn-mqtt-ca"));
    }

    [Fact]
    public async Task Lifecycle_events_name_the_certificate_and_the_thing()
    {
        using RawClient watcher = await Connect311Async("watcher");
        await SubscribeAsync(watcher, v5: false, "$aws/events/presence/connected/+");
        DeviceCertificate device = Emulator.Iot.IssueDeviceCertificate("THING00001");
        using RawClient client = new(await TlsAsync(device, "localhost"));
        await client.SendAsync(Wire.Connect4);

        string told = Encoding.UTF8.GetString((await watcher.ReadAsync()).ShouldNotBeNull());

        told.ShouldContain($"\"principalIdentifier\":\"{device.CertificateId}\"");
        told.ShouldContain("\"thingName\":\"THING00001\"");
    }

    [Fact]
    public async Task A_certificate_that_is_unknown_revoked_or_missing_is_not_let_in()
    {
        DeviceCertificate revoked = Emulator.Iot.IssueDeviceCertificate("t");
        Emulator.Iot.Revoke(revoked);
        await using AwsEmulator other = await AwsEmulator.StartAsync();

        await RefusedAsync(revoked);
        await RefusedAsync(other.Iot.IssueDeviceCertificate("t"));
        await RefusedAsync(null);
        Emulator.Mqtt.Clients.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_names_no_host_is_cut_off() =>
        await RefusedAsync(Emulator.Iot.IssueDeviceCertificate("t"), host: "127.0.0.1");

    [Fact]
    public async Task A_WebSocket_with_a_presigned_query_carries_MQTT()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(Presigned(), CancellationToken.None);
        socket.SubProtocol.ShouldBe("mqtt");

        // The bounds of messages and of packets have nothing to do with each other.
        byte[] bytes = [.. Wire.Bytes(Wire.Connect4), .. Wire.Bytes("C0 00")];
        await socket.SendAsync(bytes.AsMemory(0, 5), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        await socket.SendAsync(bytes.AsMemory(5), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

        byte[] answer = new byte[6];
        for (int read = 0; read < answer.Length;)
        {
            read += (await socket.ReceiveAsync(answer.AsMemory(read), CancellationToken.None)).Count;
        }

        answer.ShouldBe(Wire.Bytes("20 02 00 00 D0 00"));
        ConnectedClient seen = Emulator.Mqtt.Clients.ShouldHaveSingleItem();
        (seen.Transport, seen.AccessKeyId).ShouldBe(("websocket", Emulator.AccessKeyId));
        Emulator.Mqtt.Cut("c");
        await Should.ThrowAsync<WebSocketException>(async () => await socket.ReceiveAsync(answer.AsMemory(), CancellationToken.None));
    }

    [Fact]
    public async Task A_session_token_is_appended_after_signing()
    {
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "alias" });
        JsonNode keys = await DeviceKeysAsync("alias");
        Uri signed = Presigned((string)keys["secretAccessKey"]!, accessKeyId: (string)keys["accessKeyId"]!);

        await OpensAsync(new Uri($"{signed}&X-Amz-Security-Token={Uri.EscapeDataString((string)keys["sessionToken"]!)}"));
        await RefusedAsync(signed, "UnrecognizedClientException");
    }

    [Fact]
    public async Task A_query_that_is_not_signed_well_is_refused()
    {
        await OpensAsync(Presigned(expires: 300));
        await RefusedAsync(new Uri(Presigned() + "&X-Amz-Security-Token=unknown"), "UnrecognizedClientException");
        await RefusedAsync(Presigned(secret: "wrong"), "InvalidSignatureException");
        await RefusedAsync(Presigned(service: "iotdata"), "InvalidSignatureException");
        await RefusedAsync(Emulator.Mqtt.WebSocketEndpoint, "MissingAuthenticationTokenException");

        Uri old = Presigned();
        Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        await RefusedAsync(old, "AccessDenied");
    }

    private static async Task OpensAsync(Uri uri)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(uri, CancellationToken.None);
    }

    private static async Task RefusedAsync(Uri uri, string code)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.CollectHttpResponseDetails = true;
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(uri, CancellationToken.None));

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(uri) { Scheme = "http" }.Uri);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        using HttpResponseMessage response = await http.SendAsync(request);
        (await response.Content.ReadAsStringAsync()).ShouldContain(code);
    }

    private Uri Presigned(string? secret = null, string service = "iotdevicegateway", int? expires = null, string? accessKeyId = null)
    {
        Uri endpoint = Emulator.Mqtt.WebSocketEndpoint;
        string date = Clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string scope = $"{date[..8]}/eu-central-1/{service}/aws4_request";
        string query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{accessKeyId ?? Emulator.AccessKeyId}/{scope}")}&X-Amz-Date={date}"
            + (expires is null ? "" : $"&X-Amz-Expires={expires}") + "&X-Amz-SignedHeaders=host";
        string canonical = $"GET\n/mqtt\n{query}\nhost:{endpoint.Authority}\n\nhost\n{TestSigner.Hex(SHA256.HashData([]))}";
        string toSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{TestSigner.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] key = new TestSigner("", secret ?? Emulator.SecretAccessKey, "eu-central-1", service).SigningKey(date[..8]);
        return new Uri($"{endpoint}?{query}&X-Amz-Signature={TestSigner.Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)))}");
    }

    private async Task<JsonNode> DeviceKeysAsync(string alias)
    {
        DeviceCertificate device = Emulator.Iot.IssueDeviceCertificate("t");
        using var root = X509Certificate2.CreateFromPem(Emulator.Iot.CertificateAuthorityPem);
        using var own = X509Certificate2.CreateFromPem(device.CertificatePem, device.PrivateKeyPem);
        var tls = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true),
            CertificateChainPolicy = Trusting(root),
        };
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = tls });
        return JsonNode.Parse(await http.GetStringAsync(new Uri(Emulator.Iot.CredentialsEndpoint, $"role-aliases/{alias}/credentials")))!["credentials"]!;
    }

    private async Task RefusedAsync(DeviceCertificate? device, string host = "localhost")
    {
        try
        {
            using RawClient client = new(await TlsAsync(device, host));
            await client.SendAsync(Wire.Connect4);
            await client.ExpectEndAsync();
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // With TLS 1.2 the handshake itself fails, with 1.3 what follows it.
        }
    }

    private async Task<Stream> TlsAsync(DeviceCertificate? device, string host, string? protocol = null)
    {
        using X509Certificate2 root = X509Certificate2.CreateFromPem(Emulator.Iot.CertificateAuthorityPem);
        using X509Certificate2? own = device is null ? null : X509Certificate2.CreateFromPem(device.CertificatePem, device.PrivateKeyPem);
        var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", Emulator.Mqtt.TlsPort);
        var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = own is null ? null : SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true),
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
            CertificateChainPolicy = Trusting(root),
        });
        return tls;
    }

    private static X509ChainPolicy Trusting(X509Certificate2 root) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { root },
    };
}
