#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Synchronization

/// Ctrl-C and SIGTERM as a request to stop, which a training grants after its step; the second signal ends the process at once.
///
///     StopRequest.watch()
///     try trainer.fit(source, for: .epochs(10), shouldStop: { StopRequest.requested != nil })
public enum StopRequest {
    /// The signal that came; 0 for none.
    private static let signal = Atomic<Int32>(0)

    /// From now on the first of these signals is only noted. A file that grows beyond its limit is an error of the write, not the end.
    public static func watch() {
        // Made now: what is first used in a handler would be made there, which is not safe.
        _ = requested
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            // Only what POSIX allows in a handler: an atomic exchange and _exit.
            let handler: @convention(c) (Int32) -> Void = { number in
                if StopRequest.signal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
            }
            #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = handler
            #else
            action.__sigaction_handler.sa_handler = handler
            #endif
            action.sa_flags = Int32(SA_RESTART)
            sigaction(number, &action, nil)
        }
        // Whoever started this process may have left them blocked.
        var both = sigset_t()
        sigemptyset(&both)
        for number in [SIGINT, SIGTERM] { sigaddset(&both, number) }
        pthread_sigmask(SIG_UNBLOCK, &both, nil)
        #if canImport(Darwin)
        _ = Darwin.signal(SIGXFSZ, SIG_IGN)
        #elseif canImport(Musl)
        _ = Musl.signal(SIGXFSZ, SIG_IGN)
        #else
        _ = Glibc.signal(SIGXFSZ, SIG_IGN)
        #endif
    }

    /// The signal that asked to stop, if one did.
    public static var requested: Int32? {
        let number = signal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
