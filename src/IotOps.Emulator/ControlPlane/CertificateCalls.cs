using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Iot;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// CreateKeysAndCertificate, RegisterCertificateWithoutCA, ListCertificates, DescribeCertificate and UpdateCertificate.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateCertificate.html.
/// </summary>
internal sealed class CertificateCalls(IotRegistry registry, CertificateAuthority authority, IotArns arns)
{
    private const int IdLength = 64;
    private const int MaxPemLength = 65_536;

    // The service's own; nobody may set them.
    private static readonly string[] Internal = ["PENDING_TRANSFER", "PENDING_ACTIVATION", "REGISTER_INACTIVE"];
    private static readonly string[] Settable = [StoredCertificate.Active, StoredCertificate.Inactive, StoredCertificate.Revoked];

    public void Create(RestCall call, Utf8JsonWriter output)
    {
        call.RefuseAllBut("CreateKeysAndCertificate", ["setAsActive"]);
        bool isActive = call.Flag("setAsActive");
        (string id, string pem, string publicKey, string privateKey) = authority.IssueWithRsa();
        registry.TryAdd(id, pem, isActive ? StoredCertificate.Active : StoredCertificate.Inactive);
        output.WriteString("certificateArn"u8, arns.Certificate(call, id));
        output.WriteString("certificateId"u8, id);
        output.WriteString("certificatePem"u8, pem);
        output.WriteStartObject("keyPair"u8);
        output.WriteString("PublicKey"u8, publicKey);
        output.WriteString("PrivateKey"u8, privateKey);
        output.WriteEndObject();
    }

    public void Register(RestCall call, Utf8JsonWriter output)
    {
        call.RefuseAllBut("RegisterCertificateWithoutCA", []);
        using JsonDocument document = JsonInput.Parse(call.Payload);
        var input = new JsonInput(document.RootElement);
        input.RefuseAllBut("RegisterCertificateWithoutCA", ["certificatePem", "status"]);
        string status = input.Text("status") ?? StoredCertificate.Inactive;
        string pem = input.Text("certificatePem") is { Length: > 0 and <= MaxPemLength } text ? text : throw RestCall.Invalid($"The certificatePem has 1 to {MaxPemLength} characters.");
        if (status is not (StoredCertificate.Active or StoredCertificate.Inactive))
        {
            throw Settable.Concat(Internal).Contains(status, StringComparer.Ordinal) ? NotAllowed($"A certificate is not registered as {status}.") : Unknown(status);
        }

        string id = IdOf(pem);
        if (!registry.TryAdd(id, pem, status))
        {
            throw new Refusal(409, "ResourceAlreadyExistsException", $"The certificate {id} is registered already.");
        }

        output.WriteString("certificateArn"u8, arns.Certificate(call, id));
        output.WriteString("certificateId"u8, id);
    }

    public void List(RestCall call, Utf8JsonWriter output)
    {
        // By id, whatever the order asked for: the service's is by creation, in which an order by keys has no pages.
        call.RefuseAllBut("ListCertificates", ["marker", "pageSize"]);
        ListPage<StoredCertificate> page = ListPage.Of(registry.Certificates(), one => one.Id, RestCall.After(call.Query.Find("marker")), call.PageSize("pageSize"));
        output.WriteStartArray("certificates"u8);
        foreach (StoredCertificate certificate in page.Items)
        {
            output.WriteStartObject();
            WriteHead(call, certificate, output);
            output.WriteEndObject();
        }

        output.WriteEndArray();
        page.WriteToken(output, "nextMarker");
    }

    public void Describe(RestCall call, string id, Utf8JsonWriter output)
    {
        call.RefuseAllBut("DescribeCertificate", []);
        StoredCertificate certificate = registry.Certificate(Checked(id)) ?? throw NotFound(id);
        using var x509 = X509Certificate2.CreateFromPem(certificate.Pem);
        output.WriteStartObject("certificateDescription"u8);
        WriteHead(call, certificate, output);
        output.WriteString("certificatePem"u8, certificate.Pem);
        output.WriteString("ownedBy"u8, arns.AccountId);
        output.WriteNumber("lastModifiedDate"u8, Seconds(certificate.ModifiedAt));
        output.WriteNumber("customerVersion"u8, certificate.Version);
        output.WriteStartObject("validity"u8);
        output.WriteNumber("notBefore"u8, Seconds(new DateTimeOffset(x509.NotBefore)));
        output.WriteNumber("notAfter"u8, Seconds(new DateTimeOffset(x509.NotAfter)));
        output.WriteEndObject();
        output.WriteEndObject();
    }

    public void Update(RestCall call, string id, Utf8JsonWriter output)
    {
        call.RefuseAllBut("UpdateCertificate", ["newStatus"]);
        string status = call.Query.Find("newStatus") ?? throw RestCall.Invalid("The newStatus is missing.");
        if (Internal.Contains(status, StringComparer.Ordinal))
        {
            throw NotAllowed($"A certificate is not set to {status} by a request.");
        }

        if (!Settable.Contains(status, StringComparer.Ordinal))
        {
            throw Unknown(status);
        }

        StoredCertificate after = registry.SetStatus(Checked(id), status) ?? throw NotFound(id);
        if (after.Status != status)
        {
            throw NotAllowed($"The certificate {id} is {after.Status} and stays so.");
        }
    }

    private void WriteHead(RestCall call, StoredCertificate certificate, Utf8JsonWriter output)
    {
        output.WriteString("certificateArn"u8, arns.Certificate(call, certificate.Id));
        output.WriteString("certificateId"u8, certificate.Id);
        output.WriteString("status"u8, certificate.Status);
        output.WriteString("certificateMode"u8, "DEFAULT"u8);
        output.WriteNumber("creationDate"u8, Seconds(certificate.CreatedAt));
    }

    private static string IdOf(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return CertificateAuthority.Id(certificate);
        }
        catch (CryptographicException e)
        {
            throw new Refusal(400, "CertificateValidationException", $"The certificate cannot be read: {e.Message}");
        }
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1_000.0;

    private static string Checked(string id) => id.Length == IdLength && id.All(char.IsAsciiHexDigit)
        ? id.ToLowerInvariant()
        : throw RestCall.Invalid($"'{id}' is not the id of a certificate: {IdLength} hexadecimal digits.");

    private static Refusal NotFound(string id) => new(404, "ResourceNotFoundException", $"The certificate {id} cannot be found.");

    private static Refusal NotAllowed(string message) => new(406, "CertificateStateException", message);

    private static Refusal Unknown(string status) => RestCall.Invalid($"'{status}' is not a status of a certificate, as {string.Join(", ", Settable)} are.");
}
