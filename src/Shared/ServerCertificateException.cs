using System.Security.Authentication;

namespace IotOps.Shared;

/// <summary>A server's certificate is not accepted; the message says why.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="isLasting">Whether only a person mends it; a clock is set by itself, and a certificate renewed.</param>
internal sealed class ServerCertificateException(string message, bool isLasting) : AuthenticationException(message)
{
    /// <summary>Only a person mends it: another name, another root.</summary>
    public bool IsLasting { get; } = isLasting;

    /// <summary>The one among an exception's causes; null when there is none.</summary>
    public static ServerCertificateException? In(Exception? e)
    {
        while (e is not (null or ServerCertificateException))
        {
            e = e.InnerException;
        }

        return (ServerCertificateException?)e;
    }
}
