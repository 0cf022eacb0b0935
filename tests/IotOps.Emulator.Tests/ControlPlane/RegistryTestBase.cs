using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

/// <summary>Sets things, certificates, groups and policies up by the API's own calls.</summary>
public abstract class RegistryTestBase : ControlPlaneTestBase
{
    private protected const string DenyAll = """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iot:*","Resource":"*"}]}""";

    private protected Task<DataPlaneReply> AsPrincipalAsync(string method, string path, string principal) =>
        CallAsync(new HttpMethod(method), path, "", Signer("iot"), ("x-amzn-principal", principal));

    private protected async Task<JsonNode> OkAsync(string method, string path, string body = "")
    {
        DataPlaneReply reply = await CallAsync(method, path, body);
        reply.Status.ShouldBe(200, $"{method} {path}: {reply.Error} {reply.Message}");
        return reply.Body;
    }

    private protected async Task<(string Id, string Arn)> CertificateAsync()
    {
        // Quicker than the RSA keys of CreateKeysAndCertificate.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 own = new CertificateRequest("CN=d", key, HashAlgorithmName.SHA256).CreateSelfSigned(Clock.GetUtcNow(), Clock.GetUtcNow().AddYears(1));
        var body = new JsonObject { ["certificatePem"] = own.ExportCertificatePem(), ["status"] = "ACTIVE" };
        JsonNode made = await OkAsync("POST", "certificate/register-no-ca", body.ToJsonString());
        return ((string)made["certificateId"]!, (string)made["certificateArn"]!);
    }

    private protected async Task PolicyAsync(string name) =>
        await OkAsync("POST", $"policies/{name}", new JsonObject { ["policyDocument"] = DenyAll }.ToJsonString());

    private protected static string Target(string arn) => new JsonObject { ["target"] = arn }.ToJsonString();
}
