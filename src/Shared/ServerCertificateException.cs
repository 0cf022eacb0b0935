using System.Security.Authentication;

namespace IotOps.Shared;

/// <summary>A server's certificate is not accepted; the message says why.</summary>
internal sealed class ServerCertificateException(string message) : AuthenticationException(message)
{
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
