using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IotOps.Mqtt.Connecting;

/// <summary>
/// A private key that stays in a PKCS#11 token, such as a TPM or a secure element, by way of OpenSSL, which alone makes TLS use it: .NET's TLS on
/// Linux takes OpenSSL's keys and wants any other kind exported.
/// </summary>
internal static class TokenKey
{
    public const string Scheme = "pkcs11:";

    // OpenSSL 3 has providers; what distributions had before is an engine.
    private const string Module = "pkcs11";

    /// <summary>The certificate with its key.</summary>
    /// <exception cref="MqttException">OpenSSL does not find the key.</exception>
    public static X509Certificate2 With(X509Certificate2 certificate, string uri)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsAndroid() || OperatingSystem.IsBrowser())
        {
            throw new MqttException("Tls.PrivateKeyUri needs OpenSSL, which .NET uses on Linux; give Tls.Certificate with a key of the system's store.");
        }

        try
        {
            using SafeEvpPKeyHandle key = Open(uri);
            if (certificate.GetRSAPublicKey() is { } rsa)
            {
                using (rsa)
                {
                    using var own = new RSAOpenSsl(key);
                    return certificate.CopyWithPrivateKey(own);
                }
            }

            using var ec = new ECDsaOpenSsl(key);
            return certificate.CopyWithPrivateKey(ec);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            // OpenSSL's words hold no PIN; the URI may.
            throw new MqttException($"The key {WithoutPin(uri)} cannot be used: {e.Message} Check the token's label and PIN, that the key belongs to Tls.CertificateFile, and that OpenSSL has its PKCS#11 provider (pkcs11-provider) or engine (libengine-pkcs11-openssl).", e)
            {
                IsTransient = true,
            };
        }
    }

    /// <summary>The URI as it may be told.</summary>
    public static string WithoutPin(string uri)
    {
        int end = uri.AsSpan().IndexOf("pin-");
        return end < 0 ? uri : $"{uri.AsSpan(0, end)}...";
    }

    /// <summary>The file that the URI says the PIN is in; see https://www.rfc-editor.org/rfc/rfc7512#section-2.4.</summary>
    public static string? PinFile(string uri)
    {
        const string Attribute = "pin-source=";
        const string FileScheme = "file:";
        int start = uri.IndexOf(Attribute, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        string value = uri[(start + Attribute.Length)..];
        int end = value.AsSpan().IndexOfAny('&', ';');
        value = Uri.UnescapeDataString(end < 0 ? value : value[..end]);
        value = value.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) ? value[FileScheme.Length..] : value;
        value = value.StartsWith("//", StringComparison.Ordinal) ? value[2..] : value;

        // What begins with a bar is a command.
        return value is ['/', ..] ? value : null;
    }

    [UnsupportedOSPlatform("windows")]
    private static SafeEvpPKeyHandle Open(string uri)
    {
        try
        {
            return SafeEvpPKeyHandle.OpenKeyFromProvider(Module, uri);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            return SafeEvpPKeyHandle.OpenPrivateKeyFromEngine(Module, uri);
        }
    }
}
