using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace IotOps.Shared;

/// <summary>Says what is wrong with a server's certificate, and above all when it is this machine's clock: devices start in 1970.</summary>
internal static class ServerCertificate
{
    // Lists of revoked certificates are out of reach at times; trust lists have times of their own.
    private const X509ChainStatusFlags Passing =
        X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation | X509ChainStatusFlags.CtlNotTimeValid;

    /// <summary>Accepts what the system accepts. For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    /// <exception cref="ServerCertificateException">The certificate is not accepted; a false would leave out why.</exception>
    public static bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? true : throw Wrong(certificate, chain, errors, TimeProvider.System.GetUtcNow());

    private static ServerCertificateException Wrong(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, DateTimeOffset now)
    {
        if (certificate is null)
        {
            return new("The server shows no certificate.", isLasting: false);
        }

        X509Certificate2[] all = chain is null ? [] : [.. chain.ChainElements.Select(element => element.Certificate)];
        string clock = $"this device's clock says {now.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";
        if (all.FirstOrDefault(each => each.NotBefore.ToUniversalTime() > now.UtcDateTime) is { } early)
        {
            return new($"The certificate of {early.Subject} is not valid yet: it begins at {Day(early.NotBefore)}, and {clock}. Set the clock: until it is right, nothing can be reached over TLS.", isLasting: false);
        }

        if (all.FirstOrDefault(each => each.NotAfter.ToUniversalTime() < now.UtcDateTime) is { } late)
        {
            return new($"The certificate of {late.Subject} is no longer valid: it ended at {Day(late.NotAfter)}, and {clock}.", isLasting: false);
        }

        X509ChainStatusFlags[] causes = chain is null ? [] : [.. chain.ChainStatus.Select(status => status.Status).Distinct()];
        return (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None
            ? new($"The certificate of {certificate.Subject} is for another host (RemoteCertificateNameMismatch).", isLasting: true)
            : new(
                $"The certificate of {certificate.Subject} is not trusted, because of errors in the certificate chain: {string.Join(", ", causes)}.",
                isLasting: causes.Length > 0 && !causes.Any(cause => (cause & Passing) != X509ChainStatusFlags.NoError));
    }

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
