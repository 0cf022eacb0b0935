using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>Refuses in plain words what never reached a service, and so has no service's own shape of an error.</summary>
internal static class PlainAnswer
{
    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{refusal.Code}: {refusal.Message}\n", context.RequestAborted);
    }
}
