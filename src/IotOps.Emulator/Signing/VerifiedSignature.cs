namespace IotOps.Emulator.Signing;

/// <summary>A signature that holds.</summary>
/// <param name="Claim">What was claimed and proven.</param>
/// <param name="SigningKey">Key that also signs the chunks of a streamed body.</param>
/// <param name="PayloadHash">What the signature says of the body: its SHA-256, or one of the marks in <see cref="Signing.PayloadHash"/>.</param>
internal sealed record VerifiedSignature(SignatureClaim Claim, byte[] SigningKey, string PayloadHash);
