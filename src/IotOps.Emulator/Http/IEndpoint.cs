using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>A service on the emulator's HTTP ports. It decides itself which requests are its own.</summary>
internal interface IEndpoint
{
    /// <summary>Whether a request is for this service, by its port, headers and path; the body has not been read.</summary>
    bool IsFor(HttpContext context);

    /// <summary>Answers a request for which <see cref="IsFor"/> is true.</summary>
    Task HandleAsync(HttpContext context);
}
