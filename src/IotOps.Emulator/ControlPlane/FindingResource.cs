using IotOps.Emulator.Http;
using static IotOps.Emulator.Http.JsonShape;

namespace IotOps.Emulator.ControlPlane;

/// <summary>What can name the resource of a finding. See https://docs.aws.amazon.com/iot/latest/apireference/API_ResourceIdentifier.html.</summary>
internal static class FindingResource
{
    private const string Hexadecimal = "(0x)?[a-fA-F0-9]+";

    public static JsonShape Shape { get; } = Object(
        ("deviceCertificateId", Text(64, 64, Hexadecimal)),
        ("caCertificateId", Text(64, 64, Hexadecimal)),
        ("cognitoIdentityPoolId", Text()),
        ("clientId", Text()),
        ("policyVersionIdentifier", Object(("policyName", Text(1, 128, @"[\w+=,.@-]+")), ("policyVersionId", Text(pattern: "[0-9]+")))),
        ("account", Text(12, 12, "[0-9]+")),
        ("iamRoleArn", Text(20, 2_048)),
        ("roleAliasArn", Text(1, 2_048)),
        ("issuerCertificateIdentifier", Object(
            ("issuerCertificateSubject", Text(0, 1_000, @"[\x20-\x7E]*")),
            ("issuerId", Text(0, 64, Hexadecimal)),
            ("issuerCertificateSerialNumber", Text(0, 20, "[a-fA-F0-9:]+")))),
        ("deviceCertificateArn", Text()));
}
