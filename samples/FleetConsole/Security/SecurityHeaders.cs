namespace IotOps.Samples.FleetConsole.Security;

/// <summary>What a browser may do with the console's answers.</summary>
internal static class SecurityHeaders
{
    /// <summary>Everything comes from the console itself; no inline script or style, no frame around it, no form to elsewhere.</summary>
    public const string ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Use(WebApplication app, ConsoleSettings settings)
    {
        bool isTls = settings.PublicAddress?.Scheme == "https";
        app.Use((context, next) =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

            // Pages show a fleet's inner life: no cache of a browser or proxy keeps them. Files of wwwroot set their own.
            headers.CacheControl = "no-store";
            if (isTls)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            return next(context);
        });
    }
}
