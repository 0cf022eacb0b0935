using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>Passes each request to the first service that it is for, and refuses a request that is for none.</summary>
/// <param name="endpoints">In the order in which they are asked.</param>
internal sealed class Router(IReadOnlyList<IEndpoint> endpoints)
{
    public Task HandleAsync(HttpContext context)
    {
        foreach (IEndpoint endpoint in endpoints)
        {
            if (endpoint.IsFor(context))
            {
                return endpoint.HandleAsync(context);
            }
        }

        return JsonAnswer.WriteAsync(context, Refusal.NotImplemented($"The emulator has no operation '{context.Request.Headers["X-Amz-Target"]}'."));
    }
}
