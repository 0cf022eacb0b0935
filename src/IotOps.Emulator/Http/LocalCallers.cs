using System.Net;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>
/// Lets in who means this machine. Every reader of AWS's examples knows the emulator's keys, so a web page that reaches it by a name of the
/// page's own (DNS rebinding), or from the developer's browser, must not be taken for a program of the developer's.
/// </summary>
internal sealed class LocalCallers(IReadOnlyList<string> allowedHosts)
{
    /// <summary>Why a request is not let in; null when it is.</summary>
    public Refusal? Judge(HttpRequest request)
    {
        if (!IsLocal(request.Host.Host))
        {
            return new Refusal(421, "MisdirectedRequest", $"The emulator answers to localhost, *.localhost and loopback addresses, not to '{request.Host.Host}'. EmulatorOptions.AllowedHosts can name further hosts.");
        }

        // Browsers send it with requests of pages that lie elsewhere, and with every WebSocket; "null" is a page without an origin to speak of.
        foreach (string? origin in request.Headers.Origin)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) || !IsLocal(page.Host))
            {
                return new Refusal(403, "ForeignOrigin", $"The emulator answers no web page from elsewhere than this machine, and so none from '{origin}'.");
            }
        }

        return null;
    }

    private bool IsLocal(string host)
    {
        string name = host.TrimStart('[').TrimEnd(']');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address))
            || allowedHosts.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
