using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Iot;

public sealed class CredentialsEndpointTests : LogsTestBase
{
    [Fact]
    public async Task A_device_gets_keys_that_open_the_other_services_until_they_expire()
    {
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "alias", CredentialDuration = TimeSpan.FromMinutes(15) });
        JsonNode keys = (await GetAsync("alias", Emulator.Iot.IssueDeviceCertificate("thing"))).Body["credentials"]!;
        ((string?)keys["expiration"]).ShouldBe("2023-10-01T12:15:00Z");
        var signer = new TestSigner((string)keys["accessKeyId"]!, (string)keys["secretAccessKey"]!, "eu-central-1", "logs")
        {
            SessionToken = (string)keys["sessionToken"]!,
        };
        Client.Signer = signer;

        (await Client.PutAsync("g", "s", (Now, "m"))).Status.ShouldBe(200);
        Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        (await Client.PutAsync("g", "s", (Now, "m"))).Status.ShouldBe(200);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        LogsAnswer expired = await Client.PutAsync("g", "s", (Now, "m"));
        (expired.Status, expired.Code).ShouldBe((400, "ExpiredTokenException"));
        using var s3 = new S3Client(Emulator, Clock)
        {
            Signer = new TestSigner((string)keys["accessKeyId"]!, (string)keys["secretAccessKey"]!, "us-east-1", "s3") { SessionToken = signer.SessionToken },
        };
        (await s3.GetAsync("bucket/k")).Code.ShouldBe("ExpiredToken");
    }

    [Fact]
    public async Task Temporary_keys_without_their_token_are_not_let_in()
    {
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "alias" });
        JsonNode keys = (await GetAsync("alias", Emulator.Iot.IssueDeviceCertificate("thing"))).Body["credentials"]!;
        Client.Signer = new TestSigner((string)keys["accessKeyId"]!, (string)keys["secretAccessKey"]!, "eu-central-1", "logs");

        (await Client.PutAsync("g", "s", (Now, "m"))).Code.ShouldBe("UnrecognizedClientException");
    }

    [Fact]
    public async Task What_AWS_refuses_is_refused_in_its_words()
    {
        DeviceCertificate thing = Emulator.Iot.IssueDeviceCertificate("thing");
        DeviceCertificate revoked = Emulator.Iot.IssueDeviceCertificate("thing");
        Emulator.Iot.Revoke(revoked);
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "good" });
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "denied", AllowedThings = ["other"] });
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "no-role", RoleCanBeAssumed = false });
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "long", CredentialDuration = TimeSpan.FromHours(2), MaxSessionDuration = TimeSpan.FromHours(1) });

        (await GetAsync("good", thing, thingName: "thing")).Status.ShouldBe(200);
        await Refused("good", thing, "other", 403, "Invalid thing name passed");
        await Refused("denied", thing, null, 403, "Access Denied");
        await Refused("none", thing, null, 404, "Role alias does not exist");
        await Refused("no-role", thing, null, 400, "Unable to assume the role, or the role to assume does not exist");
        await Refused("long", thing, null, 400, "The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role");
        await Refused("good", revoked, null, 403, "Certificate is invalid on this endpoint");
        await Refused("good", null, null, 403, "Certificate is invalid on this endpoint");
        Emulator.Iot.Requests.Select(r => r.Status).ShouldBe([200, 403, 403, 404, 400, 400, 403, 403]);

        async Task Refused(string alias, DeviceCertificate? certificate, string? name, int status, string message)
        {
            CredentialsReply reply = await GetAsync(alias, certificate, name);
            (reply.Status, (string?)reply.Body["message"]).ShouldBe((status, message));
            reply.ErrorType.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_client_that_names_no_host_in_the_handshake_is_refused()
    {
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "good" });
        DeviceCertificate thing = Emulator.Iot.IssueDeviceCertificate("thing");

        CredentialsReply reply = await GetAsync("good", thing, host: "127.0.0.1");

        reply.Status.ShouldBe(403);
        Emulator.Iot.Requests[0].ServerName.ShouldBeNull();
        (await GetAsync("good", thing)).Status.ShouldBe(200);
        Emulator.Iot.Requests[1].ServerName.ShouldBe("localhost");
    }

    [Fact]
    public async Task The_endpoint_has_faults_as_the_others_do()
    {
        Emulator.Iot.SetRoleAlias(new RoleAlias { Name = "good" });
        Emulator.Faults.Add(new Fault { Operation = "AssumeRoleWithCertificate", When = r => r.RoleAlias == "good", Status = 503 });

        (await GetAsync("good", Emulator.Iot.IssueDeviceCertificate("thing"))).Status.ShouldBe(503);
    }

    private async Task<CredentialsReply> GetAsync(string alias, DeviceCertificate? certificate, string? thingName = null, string host = "localhost")
    {
        using X509Certificate2 root = X509Certificate2.CreateFromPem(Emulator.Iot.CertificateAuthorityPem);
        using X509Certificate2? device = certificate is null ? null : X509Certificate2.CreateFromPem(certificate.CertificatePem, certificate.PrivateKeyPem);
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = device is null ? null : SslStreamCertificateContext.Create(device, additionalCertificates: null, offline: true),
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { root },
            },
        };
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = tls });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{host}:{Emulator.Iot.CredentialsEndpoint.Port}/role-aliases/{alias}/credentials");
        if (thingName is not null)
        {
            request.Headers.Add("x-amzn-iot-thingname", thingName);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        JsonNode body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        response.Headers.TryGetValues("x-amzn-ErrorType", out IEnumerable<string>? errorType);
        return new CredentialsReply((int)response.StatusCode, body, errorType?.Single());
    }

    private sealed record CredentialsReply(int Status, JsonNode Body, string? ErrorType);
}
