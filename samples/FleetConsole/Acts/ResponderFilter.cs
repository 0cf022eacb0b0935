using IotOps.Samples.FleetConsole.Frame;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>Stands before each act, behind <see cref="PostFilter"/>: whoever is no responder is refused, and that is written down.</summary>
internal sealed class ResponderFilter(ActLog log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        Actor actor = Actor.Of(context.HttpContext);
        if (actor.Role == Roles.Responder)
        {
            return await next(context);
        }

        await log.WriteAsync(actor, context.HttpContext.Request.Path, "", "refused", "not a responder", context.HttpContext.RequestAborted);
        return new ProblemResult(StatusCodes.Status403Forbidden, "Only a responder can do this", "Nothing was done. Ask whoever runs this console for the role.");
    }
}
