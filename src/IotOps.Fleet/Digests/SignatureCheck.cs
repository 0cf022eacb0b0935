using System.Security.Cryptography;
using System.Text;

namespace IotOps.Fleet.Digests;

/// <summary>CloudTrail's signature of a digest: RSA, PKCS#1 v1.5, SHA-256, over its end, its place, its hash and the signature before it.</summary>
internal static class SignatureCheck
{
    /// <summary>Why the signature is not CloudTrail's; null when it is.</summary>
    public static string? Refusal(Digest digest, TrailPublicKey key)
    {
        string signed = $"{digest.EndText}\n{digest.OwnBucket}/{digest.OwnKey}\n{digest.Hash}\n{digest.PreviousSignature ?? "null"}";
        try
        {
            using RSA rsa = Import(key.Value.Span);
            return rsa.VerifyData(Encoding.UTF8.GetBytes(signed), Convert.FromHexString(digest.Signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                ? null
                : "its signature is not of this content";
        }
        catch (FormatException)
        {
            return "its signature is not hexadecimal";
        }
        catch (CryptographicException e)
        {
            return $"the public key {key.Fingerprint} cannot be used: {e.Message}";
        }
    }

    // ListPublicKeys says PKCS#1; a key that went through other tools may have become SubjectPublicKeyInfo.
    private static RSA Import(ReadOnlySpan<byte> der)
    {
        var rsa = RSA.Create();
        try
        {
            try
            {
                rsa.ImportRSAPublicKey(der, out _);
            }
            catch (CryptographicException)
            {
                rsa.ImportSubjectPublicKeyInfo(der, out _);
            }

            return rsa;
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }
}
