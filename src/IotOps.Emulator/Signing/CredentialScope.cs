namespace IotOps.Emulator.Signing;

/// <summary>What a signing key is good for: one day, one region, one service.</summary>
/// <param name="Date">yyyyMMdd.</param>
/// <param name="Region">For example us-east-1.</param>
/// <param name="Service">For example logs or s3.</param>
internal sealed record CredentialScope(string Date, string Region, string Service)
{
    public override string ToString() => $"{Date}/{Region}/{Service}/aws4_request";
}
